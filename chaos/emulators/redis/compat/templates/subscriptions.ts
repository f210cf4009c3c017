/** For a client of its own, which only listens. */
export const subscriptionTemplates = `
subscribe { <channel> }
psubscribe { <channelpattern> }
ssubscribe { <channel> }
unsubscribe <channel>
punsubscribe <channelpattern>
sunsubscribe <channel>
unsubscribe { <channel> }
ping
get <string>
quit extra
`;
