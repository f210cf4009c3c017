/** Lists. */
export const listTemplates = `
lpush <list> { <value> }
rpush <list> { <value> }
rpush <list> { <member> } { <member> }
lpushx <list> { <value> }
rpushx <list> { <value> }
lpop <list> [ <natural> ]
rpop <list> [ <natural> ]
llen <list>
lrange <list> <index> <index>
lrange <list> 0 -1
lindex <list> <index>
lset <list> <index> <value>
linsert <list> ( before | after ) <member> <value>
lrem <list> <anycount> <member>
ltrim <list> <index> <index>
lpos <list> <member> [ rank <anycount> ] [ count <natural> ] [ maxlen <natural> ]
rpoplpush <list> <list>
lmove <list> <list> ( left | right ) ( left | right )
lmpop 1 <list> ( left | right ) [ count <count> ]
lmpop 2 <list> <list> ( left | right ) [ count <count> ]
sort <list> [ limit <natural> <anycount> ] [ ( asc | desc ) ] alpha [ store <list> ]
sort <list> by nosort [ get # ] [ get <string> ] [ get h*->f1 ]
sort_ro <list> [ desc ] alpha
`;
