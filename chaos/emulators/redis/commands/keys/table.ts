/** Declarations of the commands of this family; the columns are those of declaration.ts. */
export const keysTable = `
copy             -3  write,denyoom  keyspace                      1:RO,access;2:OW,update                                     -                                                        6.2.0
del              -2  write          keyspace                      1..-1:RM,delete                                             request_policy:multi_shard,response_policy:agg_sum       1.0.0
dump             2   readonly       keyspace                      1:RO,access                                                 nondeterministic_output                                  2.6.0
exists           -2  readonly,fast  keyspace                      1..-1:RO                                                    request_policy:multi_shard,response_policy:agg_sum       1.0.0
expire           -3  write,fast     keyspace                      1:RW,update                                                 -                                                        1.0.0
expireat         -3  write,fast     keyspace                      1:RW,update                                                 -                                                        1.2.0
expiretime       2   readonly,fast  keyspace                      1:RO,access                                                 -                                                        7.0.0
keys             2   readonly       keyspace,dangerous            -                                                           request_policy:all_shards,nondeterministic_output_order  1.0.0
migrate          -6  write          keyspace,dangerous            3:RW,access,delete;KEYS@-2..-1:RW,access,delete,incomplete  nondeterministic_output                                  2.6.0
move             3   write,fast     keyspace                      1:RW,access,update                                          -                                                        1.0.0
object           -2  -              -                             -                                                           -                                                        2.2.3
object|encoding  3   readonly       keyspace                      2:RO                                                        nondeterministic_output                                  2.2.3
object|freq      3   readonly       keyspace                      2:RO                                                        nondeterministic_output                                  4.0.0
object|help      2   loading,stale  keyspace                      -                                                           -                                                        6.2.0
object|idletime  3   readonly       keyspace                      2:RO                                                        nondeterministic_output                                  2.2.3
object|refcount  3   readonly       keyspace                      2:RO                                                        nondeterministic_output                                  2.2.3
persist          2   write,fast     keyspace                      1:RW,update                                                 -                                                        2.2.0
pexpire          -3  write,fast     keyspace                      1:RW,update                                                 -                                                        2.6.0
pexpireat        -3  write,fast     keyspace                      1:RW,update                                                 -                                                        2.6.0
pexpiretime      2   readonly,fast  keyspace                      1:RO,access                                                 -                                                        7.0.0
pttl             2   readonly,fast  keyspace                      1:RO,access                                                 nondeterministic_output                                  2.6.0
randomkey        1   readonly       keyspace                      -                                                           request_policy:all_shards,nondeterministic_output        1.0.0
rename           3   write          keyspace                      1:RW,access,delete;2:OW,update                              -                                                        1.0.0
renamenx         3   write,fast     keyspace                      1:RW,access,delete;2:OW,insert                              -                                                        1.0.0
restore          -4  write,denyoom  keyspace,dangerous            1:OW,update                                                 -                                                        2.6.0
scan             -2  readonly       keyspace                      -                                                           nondeterministic_output,request_policy:special           2.8.0
sort             -2  write,denyoom  set,sortedset,list,dangerous  1:RO,access;?:RO,access;?:OW,update                         -                                                        1.0.0
sort_ro          -2  readonly       set,sortedset,list,dangerous  1:RO,access;?:RO,access                                     -                                                        7.0.0
touch            -2  readonly,fast  keyspace                      1..-1:RO                                                    request_policy:multi_shard,response_policy:agg_sum       3.2.1
ttl              2   readonly,fast  keyspace                      1:RO,access                                                 nondeterministic_output                                  1.0.0
type             2   readonly,fast  keyspace                      1:RO                                                        -                                                        1.0.0
unlink           -2  write,fast     keyspace                      1..-1:RM,delete                                             request_policy:multi_shard,response_policy:agg_sum       4.0.0
wait             3   noscript       connection                    -                                                           request_policy:all_shards,response_policy:agg_min        3.0.0
`;
