# Figures for two lines of a meeting in Chengdu. Nothing is stored, no key is needed.
curl --silent --show-error "$PORTAL/api/v1/calculate" \
  --header "Content-Type: application/json" \
  --header "Accept-Language: zh" \
  --data @- <<'END'
{
  "activity": {"kind": "meeting", "region": "成都市", "starts_on": "2026-05-17", "ends_on": "2026-05-18", "people": 400},
  "lines": [
    {"source": "electricity", "stage": "holding", "quantity": "12000", "unit": "kWh", "factor": "default"},
    {"source": "participant_travel", "stage": "holding", "quantity": "108000", "unit": "passenger_km",
     "factor": "cpcd.travel.hsr.pkm"}
  ]
}
END
