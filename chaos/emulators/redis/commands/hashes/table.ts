/** Declarations of the commands of this family; the columns are those of declaration.ts. */
export const hashesTable = `
hdel          -3  write,fast          hash  1:RW,delete         -                              2.0.0
hexists       3   readonly,fast       hash  1:RO                -                              2.0.0
hget          3   readonly,fast       hash  1:RO,access         -                              2.0.0
hgetall       2   readonly            hash  1:RO,access         nondeterministic_output_order  2.0.0
hincrby       4   write,denyoom,fast  hash  1:RW,access,update  -                              2.0.0
hincrbyfloat  4   write,denyoom,fast  hash  1:RW,access,update  -                              2.6.0
hkeys         2   readonly            hash  1:RO,access         nondeterministic_output_order  2.0.0
hlen          2   readonly,fast       hash  1:RO                -                              2.0.0
hmget         -3  readonly,fast       hash  1:RO,access         -                              2.0.0
hmset         -4  write,denyoom,fast  hash  1:RW,update         -                              2.0.0
hrandfield    -2  readonly            hash  1:RO,access         nondeterministic_output        6.2.0
hscan         -3  readonly            hash  1:RO,access         nondeterministic_output        2.8.0
hset          -4  write,denyoom,fast  hash  1:RW,update         -                              2.0.0
hsetnx        4   write,denyoom,fast  hash  1:RW,insert         -                              2.0.0
hstrlen       3   readonly,fast       hash  1:RO                -                              3.2.0
hvals         2   readonly            hash  1:RO,access         nondeterministic_output_order  2.0.0
`;
