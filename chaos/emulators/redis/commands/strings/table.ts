/** Declarations of the commands of this family; the columns are those of declaration.ts. */
export const stringsTable = `
append       3   write,denyoom,fast  string  1:RW,insert                        -                                                         2.0.0
decr         2   write,denyoom,fast  string  1:RW,access,update                 -                                                         1.0.0
decrby       3   write,denyoom,fast  string  1:RW,access,update                 -                                                         1.0.0
get          2   readonly,fast       string  1:RO,access                        -                                                         1.0.0
getdel       2   write,fast          string  1:RW,access,delete                 -                                                         6.2.0
getex        -2  write,fast          string  1:RW,access,update                 -                                                         6.2.0
getrange     4   readonly            string  1:RO,access                        -                                                         2.4.0
getset       3   write,denyoom,fast  string  1:RW,access,update                 -                                                         1.0.0
incr         2   write,denyoom,fast  string  1:RW,access,update                 -                                                         1.0.0
incrby       3   write,denyoom,fast  string  1:RW,access,update                 -                                                         1.0.0
incrbyfloat  3   write,denyoom,fast  string  1:RW,access,update                 -                                                         2.6.0
lcs          -3  readonly            string  1..1:RO,access                     -                                                         7.0.0
mget         -2  readonly,fast       string  1..-1:RO,access                    request_policy:multi_shard                                1.0.0
mset         -3  write,denyoom       string  1..-1/2:OW,update                  request_policy:multi_shard,response_policy:all_succeeded  1.0.1
msetnx       -3  write,denyoom       string  1..-1/2:OW,insert                  request_policy:multi_shard,response_policy:agg_min        1.0.1
psetex       4   write,denyoom       string  1:OW,update                        -                                                         2.6.0
set          -3  write,denyoom       string  1:RW,access,update,variable_flags  -                                                         1.0.0
setex        4   write,denyoom       string  1:OW,update                        -                                                         2.0.0
setnx        3   write,denyoom,fast  string  1:OW,insert                        -                                                         1.0.0
setrange     4   write,denyoom       string  1:RW,update                        -                                                         2.2.0
strlen       2   readonly,fast       string  1:RO                               -                                                         2.2.0
substr       4   readonly            string  1:RO,access                        -                                                         1.0.0
`;
