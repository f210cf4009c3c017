/** Connections, publishing, transactions and what the server tells of itself. */
export const serverTemplates = `
ping [ <value> ]
echo <value>
publish <channel> <value>
spublish <channel> <value>
pubsub channels [ <channelpattern> ]
pubsub numsub { <channel> }
pubsub numpat
pubsub shardchannels
pubsub shardnumsub { <channel> }
client getname
client setname <field>
client id
client list extra
client kill id 99999 type normal
client kill type nothing
client kill addr 1.2.3.4:5
client no-evict ( on | off )
client getredir
client trackinginfo
client unblock 99999 [ ( timeout | error | nothing ) ]
client reply <odd>
client pause ( abc | -1 | 1.5 )
client pause 1 nothing
config get ( maxmemory | hash-max-* | slave-priority | nothing | save )
config set hash-max-listpack-entries <natural>
config set hash-max-listpack-value <position>
config set set-max-intset-entries <natural>
config set zset-max-listpack-entries <natural>
config set zset-max-listpack-value <position>
config set stream-node-max-entries <natural>
config set list-max-listpack-size ( <int> | -2 )
config set maxmemory ( abc | 1.5 | -1 | 1qb | 0 )
config set <odd> <odd>
config set maxmemory-samples <odd>
config set appendfsync ( always | no | everysec | <odd> )
config set notify-keyspace-events <odd>
config set save <odd>
config set client-output-buffer-limit <odd>
config set latency-tracking-info-percentiles <odd>
config set slowlog-max-len <odd> slowlog-max-len <odd>
command count
command info { <commandname> }
command getkeys ( set <any> <value> [ get ] | mget { <any> } | eval <value> <natural> { <any> } | zunionstore <any> <natural> { <any> } | sort <any> by <any> store <any> | xread count 1 streams <stream> <stream> 0 0 | get | nothing | georadius <geo> 1 2 3 m store <any> | migrate 1 2 <any> 0 0 keys { <any> } )
command getkeysandflags ( set <any> <value> [ get ] | bitfield <bits> get u8 0 | zadd <zset> 1 m | lmove <list> <list> left right | copy <any> <any> )
command list filterby ( aclcat <category> | pattern <commandname> | module x )
memory usage nokey
slowlog len extra
slowlog get <odd>
latency reset
latency history <odd>
object help extra
lolwut version 7
time extra
role
readonly
cluster info
asking
module list
debug digest-value nokey
debug stringmatch
acl whoami
acl cat [ <category> ]
acl genpass <odd>
acl users
acl setuser <user> ( on | off | reset | nopass | allkeys | resetkeys | allchannels | resetchannels | +@all | -@all )
acl setuser <user> { ( +@ | -@ ) }
acl setuser <user> on > <password>
acl setuser <user> [ reset ] { ( +@read | -@write | +get | -get | +config|get | +select|0 | ~s* | %R~h* | %W~t* | &news | +@all | -@dangerous | >secret | <secret | nopass | on | off | (+set | ~l*) | nothing ) }
acl getuser <user>
acl deluser <user>
acl dryrun <user> ( get <any> | set <any> <value> | config get save | publish <channel> x | nothing | mget { <any> } )
auth <user> <password>
auth <password>
hello <odd>
hello ( 2 | 3 ) [ setname <field> ]
discard
exec
unwatch
watch { <any> }
multi
function list
function stats
function dump extra
function delete <group>
function kill
script exists <odd>
script kill
script flush <odd>
shutdown <odd> <odd>
failover
replicaof <odd> abc
reset
nothing <odd> <odd>
get
xinfo help extra
xgroup nothing <odd>
`;
