/** Hashes. */
export const hashTemplates = `
hset <hash> { <field> <value> }
hset <hash> { <field> <value> } { <field> <int> }
hmset <hash> { <field> <value> }
hsetnx <hash> <field> <value>
hget <hash> <field>
hmget <hash> { <field> }
hgetall <hash>
hkeys <hash>
hvals <hash>
hlen <hash>
hexists <hash> <field>
hstrlen <hash> <field>
hdel <hash> { <field> }
hincrby <hash> <field> <int>
hincrbyfloat <hash> <field> <float>
hrandfield <hash> [ <anycount> [ withvalues ] ]
hscan <hash> 0 [ match <pattern> ] count 1000
`;
