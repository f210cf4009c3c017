/** Declarations of the commands of this family; the columns are those of declaration.ts. */
export const pubsubTable = `
psubscribe            -2  pubsub,noscript,loading,stale            -  -              -  2.0.0
publish               3   pubsub,loading,stale,fast,may_replicate  -  -              -  2.0.0
pubsub                -2  -                                        -  -              -  2.8.0
pubsub|channels       -2  pubsub,loading,stale                     -  -              -  2.8.0
pubsub|help           2   loading,stale                            -  -              -  6.2.0
pubsub|numpat         2   pubsub,loading,stale                     -  -              -  2.8.0
pubsub|numsub         -2  pubsub,loading,stale                     -  -              -  2.8.0
pubsub|shardchannels  -2  pubsub,loading,stale                     -  -              -  7.0.0
pubsub|shardnumsub    -2  pubsub,loading,stale                     -  -              -  7.0.0
punsubscribe          -1  pubsub,noscript,loading,stale            -  -              -  2.0.0
spublish              3   pubsub,loading,stale,fast,may_replicate  -  1:not_key      -  7.0.0
ssubscribe            -2  pubsub,noscript,loading,stale            -  1..-1:not_key  -  7.0.0
subscribe             -2  pubsub,noscript,loading,stale            -  -              -  2.0.0
sunsubscribe          -1  pubsub,noscript,loading,stale            -  1..-1:not_key  -  7.0.0
unsubscribe           -1  pubsub,noscript,loading,stale            -  -              -  2.0.0
`;
