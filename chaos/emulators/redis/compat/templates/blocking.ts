/** Commands that may wait. They wait for ever: the end of a round unblocks those that nothing has served. */
export const blockingTemplates = `
blpop { <list> } 0
brpop { <list> } 0
blmove <list> <list> ( left | right ) ( left | right ) 0
brpoplpush <list> <list> 0
blmpop 0 2 <list> <list> ( left | right ) [ count <count> ]
bzpopmin { <zset> } 0
bzpopmax { <zset> } 0
bzmpop 0 2 <zset> <zset> ( min | max ) [ count <count> ]
xread block 0 streams <stream> $
xread [ count <count> ] block 0 streams <stream> <stream> $ <id>
xreadgroup group <group> <consumer> [ count <count> ] block 0 streams <stream> >
wait 0 0
blpop <list> <oddtimeout>
blmove <list> <list> left <odd> <oddtimeout>
bzpopmin <zset> -1
xread block <oddtimeout> streams <stream> $
`;
