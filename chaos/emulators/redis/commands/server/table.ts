/** Declarations of the commands of this family; the columns are those of declaration.ts. */
export const serverTable = `
bgrewriteaof    1   admin,noscript,no_async_loading                   -                   -            -                                                        1.0.0
bgsave          -1  admin,noscript,no_async_loading                   -                   -            -                                                        1.0.0
failover        -1  admin,noscript,stale                              -                   -            -                                                        6.2.0
flushall        -1  write                                             keyspace,dangerous  -            request_policy:all_shards,response_policy:all_succeeded  1.0.0
flushdb         -1  write                                             keyspace,dangerous  -            request_policy:all_shards,response_policy:all_succeeded  1.0.0
psync           -3  admin,noscript,no_async_loading,no_multi          -                   -            -                                                        2.8.0
replconf        -1  admin,noscript,loading,stale,allow_busy           -                   -            -                                                        3.0.0
replicaof       3   admin,noscript,stale,no_async_loading             -                   -            -                                                        5.0.0
restore-asking  -4  write,denyoom,asking                              keyspace,dangerous  1:OW,update  -                                                        3.0.0
save            1   admin,noscript,no_async_loading,no_multi          -                   -            -                                                        1.0.0
shutdown        -1  admin,noscript,loading,stale,no_multi,allow_busy  -                   -            -                                                        1.0.0
slaveof         3   admin,noscript,stale,no_async_loading             -                   -            -                                                        1.0.0
swapdb          3   write,fast                                        keyspace,dangerous  -            -                                                        4.0.0
sync            1   admin,noscript,no_async_loading,no_multi          -                   -            -                                                        1.0.0
`;
