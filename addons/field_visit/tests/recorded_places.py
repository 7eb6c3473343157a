"""Answers as services gave them, cut to a few places: what is missing is missing as they leave it out.

OVERPASS: bars of 2014, data © OpenStreetMap contributors (ODbL). AMAP: 周边搜索 v3 around a village of
Shanghai; what is not known is an empty list.
"""

OVERPASS = """{
  "version": 0.6,
  "generator": "Overpass API",
  "osm3s": {
    "timestamp_osm_base": "2014-09-08T16:56:02Z",
    "copyright": "The data is made available under ODbL."
  },
  "elements": [

{
  "type": "node",
  "id": 251023849,
  "lat": 48.8691942,
  "lon": 2.3321035,
  "tags": {
    "addr:housenumber": "5",
    "addr:postcode": "75002",
    "addr:street": "Rue Daunou",
    "amenity": "bar",
    "name": "Harry's Bar",
    "source": "www.harrysbar.fr",
    "website": "www.harrysbar.fr"
  }
},
{
  "type": "node",
  "id": 251125927,
  "lat": 48.8536147,
  "lon": 2.3682805,
  "tags": {
    "addr:city": "Paris",
    "addr:housenumber": "7",
    "addr:postcode": "75012",
    "addr:street": "place de la Bastille",
    "amenity": "cafe",
    "brewery": "Heineken;Edelweiss;Affligem",
    "happy_hours": "Mo-Su 18:00-21:00",
    "internet_access": "yes",
    "name": "Café des Phares",
    "opening_hours": "Mo-Su 07:00-02:00",
    "phone": "+33 (0) 1 42 72 04 70",
    "wheelchair": "yes"
  }
},
{
  "type": "node",
  "id": 415760035,
  "lat": 48.8620035,
  "lon": 2.3484170,
  "tags": {
    "amenity": "pub"
  }
}
  ]
}"""

AMAP = (
    '{"status":"1","count":"40","info":"OK","infocode":"10000",'
    '"suggestion":{"keywords":[],"cities":[]},"pois":['
    '{"id":"B00156EQ50","name":"中国建设银行24小时自助银行(上海华漕支行)",'
    '"type":"金融保险服务;自动提款机;中国建设银行ATM","typecode":"160303","biz_type":[],'
    '"address":"保乐路与金丰路交叉口西50米","location":"121.284992,31.202070","tel":[],'
    '"distance":"814","biz_ext":[],"importance":[],"shopid":[],"shopinfo":"2","poiweight":[]},'
    '{"id":"B00156EQ5C","name":"中国建设银行(上海华漕支行)",'
    '"type":"金融保险服务;银行;中国建设银行","typecode":"160106","biz_type":[],'
    '"address":"金丰路492号(保乐路)","location":"121.284999,31.202154",'
    '"tel":"021-62219902;021-62219903","distance":"818","biz_ext":[],"importance":[],'
    '"shopid":[],"shopinfo":"2","poiweight":[]}]}'
)
