"""What is done to streams, shards and consumers, through boto3. Takes its endpoint and credentials from the environment."""

import datetime

import boto3

kinesis = boto3.client('kinesis')
KEYS = 2**128


def expect(what, actual, wanted):
    assert actual == wanted, f'{what}: {actual!r}, not {wanted!r}'


def refused(error, call, **arguments):
    try:
        call(**arguments)
    except error as refusal:
        return refusal.response['Error']['Message']
    raise AssertionError(f'nothing was refused with {error}')


def shards(**arguments):
    return kinesis.list_shards(StreamName='orders', **arguments)['Shards']


kinesis.create_stream(StreamName='orders', ShardCount=2, Tags={'team': 'mill'})
kinesis.get_waiter('stream_exists').wait(StreamName='orders')
summary = kinesis.describe_stream_summary(StreamName='orders')['StreamDescriptionSummary']
arn = summary['StreamARN']
expect('open shards', summary['OpenShardCount'], 2)
now = datetime.datetime.now(datetime.timezone.utc)
assert abs((now - summary['StreamCreationTimestamp']).total_seconds()) < 60, summary
expect('the same stream', len(shards(StreamCreationTimestamp=summary['StreamCreationTimestamp'])), 2)
expect('streams', [name for page in kinesis.get_paginator('list_streams').paginate() for name in page['StreamNames']], ['orders'])

expect('ranges', [[int(key) for key in shard['HashKeyRange'].values()] for shard in shards()],
       [[0, KEYS // 2 - 1], [KEYS // 2, KEYS - 1]])
kinesis.split_shard(StreamARN=arn, ShardToSplit='shardId-000000000001', NewStartingHashKey=str(KEYS // 4 * 3))
kinesis.merge_shards(StreamName='orders', ShardToMerge='shardId-000000000000', AdjacentShardToMerge='shardId-000000000002')
open_shards = shards(ShardFilter={'Type': 'AT_LATEST'})
expect('open shards', [shard['ShardId'][-1] for shard in open_shards], ['3', '4'])
expect('parents', [open_shards[1]['ParentShardId'][-1], open_shards[1]['AdjacentParentShardId'][-1]], ['0', '2'])
first = kinesis.list_shards(StreamName='orders', MaxResults=3)
expect('pages', len(first['Shards']) + len(kinesis.list_shards(NextToken=first['NextToken'])['Shards']), 5)
expect('closed', ['EndingSequenceNumber' in shard['SequenceNumberRange'] for shard in shards()], [True, True, True, False, False])
message = refused(kinesis.exceptions.InvalidArgumentException, kinesis.list_shards, StreamName='orders', NextToken=first['NextToken'])
expect('refusal', message, 'NextToken and StreamName cannot be provided together.')

consumer = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName='app')['Consumer']
expect('consumer', kinesis.describe_stream_consumer(ConsumerARN=consumer['ConsumerARN'])['ConsumerDescription']['StreamARN'], arn)
expect('consumers', [each['ConsumerName'] for each in kinesis.list_stream_consumers(StreamARN=arn)['Consumers']], ['app'])
refused(kinesis.exceptions.ResourceInUseException, kinesis.delete_stream, StreamName='orders')

kinesis.add_tags_to_stream(StreamName='orders', Tags={'a': 'b'})
kinesis.untag_resource(ResourceARN=arn, TagKeys=['team'])
expect('tags', kinesis.list_tags_for_stream(StreamName='orders')['Tags'], [{'Key': 'a', 'Value': 'b'}])
policy = '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"kinesis:GetRecords"}]}'
kinesis.put_resource_policy(ResourceARN=arn, Policy=policy)
expect('policy', kinesis.get_resource_policy(ResourceARN=arn)['Policy'], policy)
kinesis.increase_stream_retention_period(StreamName='orders', RetentionPeriodHours=48)
kinesis.start_stream_encryption(StreamName='orders', EncryptionType='KMS', KeyId='alias/aws/kinesis')
summary = kinesis.describe_stream_summary(StreamName='orders')['StreamDescriptionSummary']
expect('settings', [summary['RetentionPeriodHours'], summary['EncryptionType']], [48, 'KMS'])

put = kinesis.put_records(StreamName='orders', Records=[
    {'Data': str(i).encode(), 'PartitionKey': 'same', 'ExplicitHashKey': str(KEYS - 1)} for i in range(100)])
expect('failed', put['FailedRecordCount'], 0)
iterator = kinesis.get_shard_iterator(StreamName='orders', ShardId=put['Records'][0]['ShardId'], ShardIteratorType='TRIM_HORIZON')
read = kinesis.get_records(ShardIterator=iterator['ShardIterator'])
expect('records', [int(record['Data']) for record in read['Records']], list(range(100)))
expect('numbers', [record['SequenceNumber'] for record in read['Records']], [record['SequenceNumber'] for record in put['Records']])
expect('behind', read['MillisBehindLatest'], 0)

message = refused(kinesis.exceptions.ClientError, kinesis.create_stream, StreamName='a b', ShardCount=1)
expect('refusal', message, "1 validation error detected: Value 'a b' at 'streamName' failed to satisfy constraint: "
       'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+')
kinesis.delete_stream(StreamName='orders', EnforceConsumerDeletion=True)
kinesis.get_waiter('stream_not_exists').wait(StreamName='orders')
print('ok')
