/** Declarations of the commands of this family; the columns are those of declaration.ts. */
export const scriptingTable = `
eval              -3  noscript,stale,skip_monitor,no_mandatory_keys,may_replicate  scripting        #2:RW,access,update  -                                                                          2.6.0
eval_ro           -3  readonly,noscript,stale,skip_monitor,no_mandatory_keys       scripting,-read  #2:RO,access         -                                                                          7.0.0
evalsha           -3  noscript,stale,skip_monitor,no_mandatory_keys,may_replicate  scripting        #2:RW,access,update  -                                                                          2.6.0
evalsha_ro        -3  readonly,noscript,stale,skip_monitor,no_mandatory_keys       scripting,-read  #2:RO,access         -                                                                          7.0.0
fcall             -3  noscript,stale,skip_monitor,no_mandatory_keys,may_replicate  scripting        #2:RW,access,update  -                                                                          7.0.0
fcall_ro          -3  readonly,noscript,stale,skip_monitor,no_mandatory_keys       scripting,-read  #2:RO,access         -                                                                          7.0.0
function          -2  -                                                            -                -                    -                                                                          7.0.0
function|delete   3   write,noscript                                               scripting        -                    request_policy:all_shards,response_policy:all_succeeded                    7.0.0
function|dump     2   noscript                                                     scripting        -                    -                                                                          7.0.0
function|flush    -2  write,noscript                                               scripting        -                    request_policy:all_shards,response_policy:all_succeeded                    7.0.0
function|help     2   loading,stale                                                scripting        -                    -                                                                          7.0.0
function|kill     2   noscript,allow_busy                                          scripting        -                    request_policy:all_shards,response_policy:one_succeeded                    7.0.0
function|list     -2  noscript                                                     scripting        -                    nondeterministic_output_order                                              7.0.0
function|load     -3  write,denyoom,noscript                                       scripting        -                    request_policy:all_shards,response_policy:all_succeeded                    7.0.0
function|restore  -3  write,denyoom,noscript                                       scripting        -                    request_policy:all_shards,response_policy:all_succeeded                    7.0.0
function|stats    2   noscript,allow_busy                                          scripting        -                    nondeterministic_output,request_policy:all_shards,response_policy:special  7.0.0
script            -2  -                                                            -                -                    -                                                                          2.6.0
script|debug      3   noscript                                                     scripting        -                    -                                                                          3.2.0
script|exists     -3  noscript                                                     scripting        -                    request_policy:all_shards,response_policy:agg_logical_and                  2.6.0
script|flush      -2  noscript                                                     scripting        -                    request_policy:all_nodes,response_policy:all_succeeded                     2.6.0
script|help       2   loading,stale                                                scripting        -                    -                                                                          5.0.0
script|kill       2   noscript,allow_busy                                          scripting        -                    request_policy:all_shards,response_policy:one_succeeded                    2.6.0
script|load       3   noscript,stale                                               scripting        -                    request_policy:all_nodes,response_policy:all_succeeded                     2.6.0
`;
