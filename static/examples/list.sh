# A list of participants, then how far it is. Names in the file are dropped on arrival.
printf 'city,mode,people\n重庆,hsr,7\n北京,plane,9\n' > participants.csv
PLACE=$(curl --silent --show-error --output /dev/null --write-out '%header{location}' \
  "$PORTAL/api/v1/own/activities/$ACTIVITY/inventories/actual/lists" \
  --header "Authorization: Bearer $KEY" \
  --form "file=@participants.csv" --form "venue=成都")
curl --silent --show-error "$PORTAL$PLACE" --header "Authorization: Bearer $KEY"
