/** The policy of a queue that takes what any topic of the account `000000000000` sends. */
export const FROM_TOPICS = JSON.stringify({
  Version: '2012-10-17',
  Statement: {
    ...{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' },
    ...{ Resource: '*', Condition: { StringEquals: { 'aws:SourceAccount': '000000000000' } } },
  },
})
