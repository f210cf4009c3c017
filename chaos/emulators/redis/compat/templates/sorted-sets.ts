/** Sorted sets and positions. */
export const sortedSetTemplates = `
zadd <zset> { <score> <member> }
zadd <zset> { <score> <member> } { <int> <member> }
zadd <zset> [ ( nx | xx ) ] [ ( gt | lt ) ] [ ch ] { <score> <member> }
zadd <zset> [ ( nx | xx ) ] [ ( gt | lt ) ] incr <score> <member>
zadd <lexset> { 0 <lexmember> } { 0 <lexmember> }
zincrby <zset> <float> <member>
zrem <zset> { <member> }
zcard <zset>
zcount <zset> <scorebound> <scorebound>
zlexcount <lexset> <lexbound> <lexbound>
zscore <zset> <member>
zmscore <zset> { <member> }
zrank <zset> <member>
zrevrank <zset> <member>
zrange <zset> 0 -1 withscores
zrange <zset> <index> <index> [ rev ] [ withscores ]
zrange <zset> <scorebound> <scorebound> byscore [ rev ] [ limit <natural> <anycount> ] [ withscores ]
zrange <lexset> <lexbound> <lexbound> bylex [ rev ] [ limit <natural> <anycount> ]
zrangestore <zset> <zset> <index> <index> [ rev ]
zrangestore <zset> <zset> <scorebound> <scorebound> byscore [ rev ] [ limit <natural> <anycount> ]
zrangebyscore <zset> <scorebound> <scorebound> [ withscores ] [ limit <natural> <anycount> ]
zrevrangebyscore <zset> <scorebound> <scorebound> [ withscores ] [ limit <natural> <anycount> ]
zrangebylex <lexset> <lexbound> <lexbound> [ limit <natural> <anycount> ]
zrevrangebylex <lexset> <lexbound> <lexbound> [ limit <natural> <anycount> ]
zrevrange <zset> <index> <index> [ withscores ]
zremrangebyrank <zset> <index> <index>
zremrangebyscore <zset> <scorebound> <scorebound>
zremrangebylex <lexset> <lexbound> <lexbound>
zpopmin <zset> [ <natural> ]
zpopmax <zset> [ <natural> ]
zmpop 1 <zset> ( min | max ) [ count <count> ]
zmpop 2 <zset> <zset> ( min | max ) [ count <count> ]
zunion 2 <zset> <zset> [ weights <int> <int> ] [ aggregate ( sum | min | max ) ] [ withscores ]
zinter 2 <zset> <zset> [ weights <int> <int> ] [ aggregate ( sum | min | max ) ] [ withscores ]
zdiff 2 <zset> <zset> [ withscores ]
zunionstore <zset> 2 <zset> <set> [ weights <int> <int> ] [ aggregate ( sum | min | max ) ]
zinterstore <zset> 2 <zset> <zset> [ weights <int> <int> ] [ aggregate ( sum | min | max ) ]
zdiffstore <zset> 2 <zset> <zset>
zintercard 2 <zset> <zset> [ limit <natural> ]
zrandmember <zset> [ <anycount> [ withscores ] ]
zscan <zset> 0 [ match <pattern> ] count 1000
sort <zset> [ by nosort ] [ desc ] alpha [ limit <natural> <count> ]
geoadd <geo> [ ( nx | xx ) ] [ ch ] { <nearlongitude> <nearlatitude> <place> }
geoadd <geo> { <longitude> <latitude> <place> }
geoadd <geo> { <nearlongitude> <nearlatitude> <place> } { <nearlongitude> <nearlatitude> <place> }
geodist <geo> <place> <place> [ <unit> ]
geohash <geo> { <place> }
geopos <geo> { <place> }
geosearch <geo> ( frommember <place> | fromlonlat <nearlongitude> <nearlatitude> ) ( byradius <distance> <unit> | bybox <distance> <distance> <unit> ) [ ( asc | desc ) ] [ count <count> ] [ withcoord ] [ withdist ] [ withhash ]
geosearchstore <geo> <geo> ( frommember <place> | fromlonlat <nearlongitude> <nearlatitude> ) ( byradius <distance> <unit> | bybox <distance> <distance> <unit> ) [ ( asc | desc ) ] [ count <count> ] [ storedist ]
georadius <geo> <nearlongitude> <nearlatitude> <distance> <unit> [ withdist ] [ ( asc | desc ) ] [ count <count> ]
georadiusbymember <geo> <place> <distance> <unit> [ ( asc | desc ) ] [ ( store <geo> | storedist <geo> ) ]
georadius_ro <geo> <nearlongitude> <nearlatitude> <distance> <unit> asc withcoord
`;
