"""Names of countries in registries' tables to their two letters (ISO 3166-1; names of the public tz database, and the
spellings seen in registries' tables, three-letter codes among them)."""

_NAMES = (
    "AD:andorra;AE:are|united arab emirates;AF:afghanistan;AG:antigua and barbuda;AI:anguilla;AL:albania;"
    "AM:armenia;AO:angola;AQ:antarctica;AR:arg|argentina;AT:austria|aut;AU:aus|australia;AW:aruba;"
    "AX:åland islands;AZ:azerbaijan;BA:bosnia and herzegovina;BB:barbados;BD:bangladesh|bgd;BE:bel|belgium;"
    "BF:burkina faso;BG:bulgaria;BH:bahrain;BI:burundi;BJ:benin;BL:st barthelemy;BM:bermuda;"
    "BN:brunei|brunei darussalam;BO:bol|bolivia|bolivia, plurinational state of;BQ:caribbean nl;BR:bra|brazil;"
    "BS:bahamas;BT:bhutan;BV:bouvet island;BW:botswana;BY:belarus;BZ:belize;CA:can|canada;CC:cocos islands;"
    "CD:cod|congo, the democratic republic of the|democratic republic of congo|democratic republic of the congo;"
    "CF:central african rep.;CG:cog|republic of congo|congo|republic of the congo;CH:che|switzerland;"
    "CI:civ|cote d'ivoire|côte d'ivoire;CK:cook islands;CL:chile|chl;CM:cameroon|cmr;CN:china|chn|中国;"
    "CO:col|colombia;CR:cri|costa rica;CU:cuba;CV:cape verde;CW:curaçao;CX:christmas island;CY:cyprus;"
    "CZ:cze|czech republic|czechia;DE:deu|germany;DJ:djibouti;DK:denmark|dnk;DM:dominica;"
    "DO:dominican republic;DZ:algeria;EC:ecuador;EE:estonia;EG:egypt;EH:western sahara;ER:eritrea;"
    "ES:esp|spain;ET:eth|ethiopia;FI:fin|finland;FJ:fiji;FK:falkland islands;"
    "FM:micronesia|micronesia, federated states of;FO:faroe islands;FR:fra|france;GA:gabon;"
    "GB:britain|gbr|united kingdom|united kingdom of great britain and northern ireland;GD:grenada;"
    "GE:geo|georgia;GF:french guiana;GG:guernsey;GH:gha|ghana;GI:gibraltar;GL:greenland;GM:gambia|the gambia;"
    "GN:guinea;GP:guadeloupe;GQ:equatorial guinea;GR:greece;GS:south georgia and the south sandwich islands;"
    "GT:guatemala;GU:guam;GW:guinea-bissau;GY:guyana;HK:hong kong;HM:heard island and mcdonald islands;"
    "HN:honduras;HR:croatia;HT:haiti;HU:hungary;ID:idn|indonesia;IE:ireland|irl;IL:israel;IM:isle of man;"
    "IN:ind|india;IO:british indian ocean territory;IQ:iraq;IR:iran|iran, islamic republic of;IS:iceland|isl;"
    "IT:ita|italy;JE:jersey;JM:jamaica;JO:jordan;JP:japan|jpn;KE:ken|kenya;KG:kyrgyzstan;KH:cambodia|khm;"
    "KI:kiribati;KM:comoros;KN:st kitts and nevis;KR:korea, republic of|republic of korea|south korea;"
    "KW:kuwait;KY:cayman islands;KZ:kaz|kazakhstan;LA:lao|lao pdr|lao people's democratic republic|laos;"
    "LB:lebanon;LC:st lucia;LI:liechtenstein;LK:lka|sri lanka;LR:liberia;LS:lesotho;LT:lithuania;"
    "LU:luxembourg;LV:latvia;LY:libya;MA:morocco;MC:monaco;"
    "MD:moldova|moldova, republic of|republic of moldova;ME:montenegro;MG:madagascar|mdg;MH:marshall islands;"
    "MK:macedonia|north macedonia;ML:mali;MM:burma|myanmar;MN:mng|mongolia;MO:macao|macau;"
    "MP:northern mariana islands;MQ:martinique;MR:mauritania;MS:montserrat;MT:malta;MU:mauritius;MV:maldives;"
    "MW:malawi|mwi;MX:mex|mexico;MY:malaysia|mys;MZ:moz|mozambique;NA:nam|namibia;NC:new caledonia;NE:niger;"
    "NF:norfolk island;NG:nga|nigeria;NI:nicaragua;NL:netherlands|nld;NO:nor|norway;NP:nepal|npl;NR:nauru;"
    "NU:niue;NZ:new zealand;OM:oman|omn;PA:panama;PE:per|peru;PF:french polynesia;PG:papua new guinea;"
    "PH:philippines|phl;PK:pak|pakistan;PL:poland;PM:st pierre and miquelon;PN:pitcairn;PR:puerto rico;"
    "PS:palestine;PT:portugal|prt;PW:palau;PY:paraguay|pry;QA:qatar;RE:réunion;RO:romania;RS:serbia;"
    "RU:russia|russian federation;RW:rwa|rwanda;SA:saudi arabia;SB:solomon islands;SC:seychelles;SD:sudan;"
    "SE:swe|sweden;SG:singapore;SH:st helena;SI:slovenia;SJ:svalbard and jan mayen;SK:slovakia;"
    "SL:sierra leone;SM:san marino;SN:sen|senegal;SO:somalia;SR:suriname;SS:south sudan;"
    "ST:sao tome and principe|são tomé and príncipe;SV:el salvador;SX:st maarten;"
    "SY:syria|syrian arab republic;SZ:eswatini|swaziland;TC:turks and caicos is;TD:chad;TF:french s. terr.;"
    "TG:togo;TH:tha|thailand;TJ:tajikistan;TK:tokelau;TL:east timor|timor-leste;TM:turkmenistan;TN:tunisia;"
    "TO:tonga;TR:tur|turkey|türkiye;TT:trinidad and tobago;TV:tuvalu;TW:taiwan|taiwan, province of china;"
    "TZ:tanzania united republic of|tanzania|tanzania, united republic of|tza|united republic of tanzania;"
    "UA:ukraine;UG:uga|uganda;UM:us minor outlying islands;US:united states|united states of america|usa;"
    "UY:uruguay|ury;UZ:uzbekistan;VA:holy see|vatican city;VC:st vincent;"
    "VE:venezuela|venezuela, bolivarian republic of;VI:virgin islands, u.s.;VN:viet nam|vietnam|vnm;"
    "VU:vanuatu;WF:wallis and futuna;WS:samoa;YE:yemen;YT:mayotte;ZA:south africa|zaf;ZM:zambia|zmb;"
    "ZW:zimbabwe"
)
CODES = {
    name: code
    for code, _colon, names in (part.partition(":") for part in _NAMES.split(";"))
    for name in names.split("|")
}


def country(text: str) -> str:
    """The two letters of a country as a registry names it; "" when the name is not known: missing is not abroad."""
    plain = text.strip()
    if len(plain) == 2 and plain.isascii() and plain.isalpha():
        return plain.upper()
    return CODES.get(plain.casefold().replace("’", "'").removeprefix("the "), "")
