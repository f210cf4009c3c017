/** Sets. */
export const setTemplates = `
sadd <set> { <member> }
sadd <set> { <natural> }
sadd <set> { <member> } { <member> }
srem <set> { <member> }
sismember <set> <member>
smismember <set> { <member> }
scard <set>
smembers <set>
smove <set> <set> <member>
sinter { <set> }
sunion { <set> }
sdiff { <set> }
sinterstore <set> { <set> }
sunionstore <set> { <set> }
sdiffstore <set> { <set> }
sintercard 2 <set> <set> [ limit <natural> ]
spop <set> [ <natural> ]
srandmember <set> [ <anycount> ]
sscan <set> 0 [ match <pattern> ] count 1000
sort <set> [ limit <natural> <anycount> ] [ ( asc | desc ) ] alpha [ store <list> ]
sort <set> [ by h*->f1 ] [ desc ] [ get # ] [ get <string> ]
`;
