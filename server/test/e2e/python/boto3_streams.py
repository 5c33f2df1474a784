"""Streams through boto3: records, shards, paging, tags, consumers and events that are pushed. Takes its endpoint and credentials from
the environment, and the beginning of its streams' names as an argument."""

import os
import sys

import boto3

kinesis = boto3.client('kinesis', endpoint_url=os.environ['AWS_ENDPOINT_URL'])
stream = f'{sys.argv[1]}-grain'


def expect(what, actual, wanted):
    assert actual == wanted, f'{what}: {actual!r}, not {wanted!r}'


def read(shard, **position):
    given = position or {'ShardIteratorType': 'TRIM_HORIZON'}
    iterator = kinesis.get_shard_iterator(StreamName=stream, ShardId=shard, **given)['ShardIterator']
    records = []
    while iterator is not None:
        answer = kinesis.get_records(ShardIterator=iterator, Limit=2)
        records += answer['Records']
        if answer['MillisBehindLatest'] == 0:
            break
        iterator = answer.get('NextShardIterator')
    return records


kinesis.create_stream(StreamName=stream, ShardCount=2)
kinesis.get_waiter('stream_exists').wait(StreamName=stream)
arn = kinesis.describe_stream_summary(StreamName=stream)['StreamDescriptionSummary']['StreamARN']
put = kinesis.put_records(StreamName=stream, Records=[
    {'Data': bytes([i, 0, 255]), 'PartitionKey': f'key-{i}', 'ExplicitHashKey': str(i % 2 * 2 ** 127)} for i in range(6)])
expect('failed', put['FailedRecordCount'], 0)
shards = [shard['ShardId'] for shard in kinesis.list_shards(StreamName=stream)['Shards']]
expect('shards', shards, ['shardId-000000000000', 'shardId-000000000001'])
expect('first shard', [record['Data'][0] for record in read(shards[0])], [0, 2, 4])
second = read(shards[1])
expect('second shard', [record['Data'] for record in second], [bytes([i, 0, 255]) for i in (1, 3, 5)])
expect('after', [record['Data'][0] for record in read(
    shards[1], ShardIteratorType='AFTER_SEQUENCE_NUMBER', StartingSequenceNumber=second[0]['SequenceNumber'])], [3, 5])
arrived = second[0]['ApproximateArrivalTimestamp']
expect('at a time', len(read(shards[1], ShardIteratorType='AT_TIMESTAMP', Timestamp=arrived)), 3)

kinesis.add_tags_to_stream(StreamName=stream, Tags={'team': 'mill'})
expect('tags', kinesis.list_tags_for_stream(StreamName=stream)['Tags'], [{'Key': 'team', 'Value': 'mill'}])
kinesis.split_shard(StreamName=stream, ShardToSplit=shards[0], NewStartingHashKey='17')
pages = [len(page['StreamDescription']['Shards'])
         for page in kinesis.get_paginator('describe_stream').paginate(StreamName=stream, PaginationConfig={'PageSize': 3})]
expect('pages', pages, [3, 1])

consumer = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName='baker')['Consumer']['ConsumerARN']
events = kinesis.subscribe_to_shard(
    ConsumerARN=consumer, ShardId=shards[1], StartingPosition={'Type': 'TRIM_HORIZON'})['EventStream']
pushed = []
for event in events:
    pushed += event['SubscribeToShardEvent']['Records']
    if len(pushed) == 3:
        break
expect('pushed', [record['Data'][0] for record in pushed], [1, 3, 5])
events.close()

try:
    kinesis.get_shard_iterator(StreamName=stream, ShardId='shardId-000000000099', ShardIteratorType='LATEST')
    raise AssertionError('no error')
except kinesis.exceptions.ResourceNotFoundException as error:
    assert 'shardId-000000000099' in error.response['Error']['Message'], error.response
try:
    kinesis.delete_stream(StreamName=stream)
    raise AssertionError('no error')
except kinesis.exceptions.ResourceInUseException:
    pass
kinesis.delete_stream(StreamName=stream, EnforceConsumerDeletion=True)
kinesis.get_waiter('stream_not_exists').wait(StreamName=stream)
print('ok', boto3.__version__)
