/** Declarations of the commands of this family; the columns are those of declaration.ts. */
export const connectionTable = `
auth                 -2  noscript,loading,stale,fast,no_auth,allow_busy  connection  -  -                                                        1.0.0
client               -2  -                                               -           -  -                                                        2.4.0
client|caching       3   noscript,loading,stale                          connection  -  -                                                        6.0.0
client|getname       2   noscript,loading,stale                          connection  -  -                                                        2.6.9
client|getredir      2   noscript,loading,stale                          connection  -  -                                                        6.0.0
client|help          2   loading,stale                                   connection  -  -                                                        5.0.0
client|id            2   noscript,loading,stale                          connection  -  -                                                        5.0.0
client|info          2   noscript,loading,stale                          connection  -  nondeterministic_output                                  6.2.0
client|kill          -3  admin,noscript,loading,stale                    connection  -  -                                                        2.4.0
client|list          -2  admin,noscript,loading,stale                    connection  -  nondeterministic_output                                  2.4.0
client|no-evict      3   admin,noscript,loading,stale                    connection  -  -                                                        7.0.0
client|pause         -3  admin,noscript,loading,stale                    connection  -  -                                                        2.9.50
client|reply         3   noscript,loading,stale                          connection  -  -                                                        3.2.0
client|setname       3   noscript,loading,stale                          connection  -  -                                                        2.6.9
client|tracking      -3  noscript,loading,stale                          connection  -  -                                                        6.0.0
client|trackinginfo  2   noscript,loading,stale                          connection  -  -                                                        6.2.0
client|unblock       -3  admin,noscript,loading,stale                    connection  -  -                                                        5.0.0
client|unpause       2   admin,noscript,loading,stale                    connection  -  -                                                        6.2.0
echo                 2   loading,stale,fast                              connection  -  -                                                        1.0.0
hello                -1  noscript,loading,stale,fast,no_auth,allow_busy  connection  -  -                                                        6.0.0
ping                 -1  fast                                            connection  -  request_policy:all_shards,response_policy:all_succeeded  1.0.0
quit                 -1  noscript,loading,stale,fast,no_auth,allow_busy  connection  -  -                                                        1.0.0
reset                1   noscript,loading,stale,fast,no_auth,allow_busy  connection  -  -                                                        6.2.0
select               2   loading,stale,fast                              connection  -  -                                                        1.0.0
`;
