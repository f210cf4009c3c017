/** Declarations of the commands of this family; the columns are those of declaration.ts. */
export const clusterTable = `
asking                         1   fast                          connection  -  -                        3.0.0
cluster                        -2  -                             -           -  -                        3.0.0
cluster|addslots               -3  admin,stale,no_async_loading  -           -  -                        3.0.0
cluster|addslotsrange          -4  admin,stale,no_async_loading  -           -  -                        7.0.0
cluster|bumpepoch              2   admin,stale,no_async_loading  -           -  nondeterministic_output  3.0.0
cluster|count-failure-reports  3   admin,stale                   -           -  nondeterministic_output  3.0.0
cluster|countkeysinslot        3   stale                         -           -  -                        3.0.0
cluster|delslots               -3  admin,stale,no_async_loading  -           -  -                        3.0.0
cluster|delslotsrange          -4  admin,stale,no_async_loading  -           -  -                        7.0.0
cluster|failover               -2  admin,stale,no_async_loading  -           -  -                        3.0.0
cluster|flushslots             2   admin,stale,no_async_loading  -           -  -                        3.0.0
cluster|forget                 3   admin,stale,no_async_loading  -           -  -                        3.0.0
cluster|getkeysinslot          4   stale                         -           -  nondeterministic_output  3.0.0
cluster|help                   2   loading,stale                 -           -  -                        5.0.0
cluster|info                   2   stale                         -           -  nondeterministic_output  3.0.0
cluster|keyslot                3   stale                         -           -  -                        3.0.0
cluster|links                  2   stale                         -           -  nondeterministic_output  7.0.0
cluster|meet                   -4  admin,stale,no_async_loading  -           -  -                        3.0.0
cluster|myid                   2   stale                         -           -  -                        3.0.0
cluster|nodes                  2   stale                         -           -  nondeterministic_output  3.0.0
cluster|replicas               3   admin,stale                   -           -  nondeterministic_output  5.0.0
cluster|replicate              3   admin,stale,no_async_loading  -           -  -                        3.0.0
cluster|reset                  -2  admin,noscript,stale          -           -  -                        3.0.0
cluster|saveconfig             2   admin,stale,no_async_loading  -           -  -                        3.0.0
cluster|set-config-epoch       3   admin,stale,no_async_loading  -           -  -                        3.0.0
cluster|setslot                -4  admin,stale,no_async_loading  -           -  -                        3.0.0
cluster|shards                 2   stale                         -           -  nondeterministic_output  7.0.0
cluster|slaves                 3   admin,stale                   -           -  nondeterministic_output  3.0.0
cluster|slots                  2   stale                         -           -  nondeterministic_output  3.0.0
readonly                       1   loading,stale,fast            connection  -  -                        3.0.0
readwrite                      1   loading,stale,fast            connection  -  -                        3.0.0
`;
