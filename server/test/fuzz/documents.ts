/** Documents that clients send inside of texts, one of each kind and peculiarity that the parsers know. */

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:orders'

export const POLICIES = [
  `{"Version":"2012-10-17","Id":"p","Statement":[{"Sid":"a","Effect":"Allow","Principal":{"AWS":["000000000000","arn:aws:iam::000000000000:role/x"]},"Action":["sqs:SendMessage","sqs:Receive*"],"Resource":"${QUEUE}","Condition":{"StringLike":{"aws:username":["a*","\${aws:userid}"]},"IpAddress":{"aws:SourceIp":"192.0.2.0/24"},"Bool":{"aws:SecureTransport":"true"}}}]}`,
  `{"Version":"2008-10-17","Statement":{"Effect":"Deny","Principal":"*","NotAction":"sqs:*","NotResource":"*"}}`,
  `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":["arn:aws:*:*:*:*","arn:aws:s3:::b/\${aws:PrincipalTag/team, 'none'}"],"Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]},"NumericLessThanEqualsIfExists":{"aws:MultiFactorAuthAge":"300"},"DateGreaterThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"},"Null":{"aws:TokenIssueTime":"false"}}}]}`,
  `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"ArnEquals":{"aws:SourceArn":"${QUEUE}"}}}]}`,
  `{"Version":"2012-10-17","Statement":[{"Sid":"keys","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"kms:*","Resource":"*"}]}`,
]

export const FILTER_POLICIES = [
  '{"store":["mill","bakery"],"price":[{"numeric":[">",0,"<=",150.5]}],"kind":[{"prefix":"ry"},{"suffix":"e"},{"anything-but":["x"]}]}',
  '{"a":[{"exists":true}],"b":[{"equals-ignore-case":"Rye"}],"c":[{"cidr":"10.0.0.0/24"}],"d":[null,true,1.5]}',
  '{"$or":[{"a":["x"]},{"b":[{"wildcard":"m*ll*"}]}],"c":[{"anything-but":{"prefix":"y"}}]}',
  '{"outer":{"inner":{"deep":["x"],"deeper":{"deepest":[{"numeric":["=",3e2]}]}}}}',
  '{}',
]

export const REDRIVE_POLICIES = [
  `{"deadLetterTargetArn":"${QUEUE}","maxReceiveCount":3}`,
  `{"deadLetterTargetArn":"${QUEUE}","maxReceiveCount":"1000"}`,
  `{"deadLetterTargetArn":"${QUEUE}"}`,
  `{"redrivePermission":"byQueue","sourceQueueArns":["${QUEUE}"]}`,
  '{"redrivePermission":"denyAll"}',
]

export const DELIVERY_POLICIES = [
  '{"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":60,"numRetries":50,"numNoDelayRetries":3,"numMinDelayRetries":2,"numMaxDelayRetries":35,"backoffFunction":"exponential"},"throttlePolicy":{"maxReceivesPerSecond":10},"requestPolicy":{"headerContentType":"application/json; charset=utf-8"}}',
  '{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3},"disableSubscriptionOverrides":false,"defaultRequestPolicy":{"headerContentType":"text/plain"}}}',
]

export const REPLAY_POLICIES = [
  '{"PointType":"Timestamp","StartingPoint":"2026-01-01T00:00:00.000Z","EndingPoint":"2026-01-02T00:00:00Z"}',
  '{}',
  '{"MessageRetentionPeriod":"30"}',
]

export const ALL_DOCUMENTS = [
  ...POLICIES,
  ...FILTER_POLICIES,
  ...REDRIVE_POLICIES,
  ...DELIVERY_POLICIES,
  ...REPLAY_POLICIES,
]
