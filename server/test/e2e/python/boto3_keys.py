"""Keys through boto3: encryption, data keys, signatures, MACs, aliases, grants, rotation, paging and errors. Takes its endpoint and
credentials from the environment."""

import hashlib
import os

import boto3
from botocore.exceptions import ClientError

kms = boto3.client('kms', endpoint_url=os.environ['AWS_ENDPOINT_URL'])


def expect(what, actual, wanted):
    assert actual == wanted, f'{what}: {actual!r}, not {wanted!r}'


def refusal(call, **asked):
    try:
        call(**asked)
    except ClientError as error:
        return error.response['Error']['Code']
    return None


key = kms.create_key(Description='grain', Tags=[{'TagKey': 'mill', 'TagValue': 'north'}])['KeyMetadata']
context = {'field': 'north', 'year': '2026'}
blob = kms.encrypt(KeyId=key['KeyId'], Plaintext=b'rye \x00\xff', EncryptionContext=context)['CiphertextBlob']
opened = kms.decrypt(CiphertextBlob=blob, EncryptionContext=context)
expect('plaintext', opened['Plaintext'], b'rye \x00\xff')
expect('key', opened['KeyId'], key['Arn'])
expect('without the context', refusal(kms.decrypt, CiphertextBlob=blob), 'InvalidCiphertextException')

data_key = kms.generate_data_key(KeyId=key['Arn'], KeySpec='AES_256')
expect('data key', kms.decrypt(CiphertextBlob=data_key['CiphertextBlob'])['Plaintext'], data_key['Plaintext'])

kms.create_alias(AliasName='alias/grain', TargetKeyId=key['KeyId'])
kms.rotate_key_on_demand(KeyId=key['KeyId'])
expect('after a rotation', kms.decrypt(CiphertextBlob=blob, EncryptionContext=context)['Plaintext'], b'rye \x00\xff')
expect('rotations', [each['RotationType'] for each in kms.list_key_rotations(KeyId=key['KeyId'])['Rotations']], ['ON_DEMAND'])
expect('by alias', kms.describe_key(KeyId='alias/grain')['KeyMetadata']['Arn'], key['Arn'])

signer = kms.create_key(KeySpec='ECC_NIST_P256', KeyUsage='SIGN_VERIFY')['KeyMetadata']['KeyId']
digest = hashlib.sha256(b'rye').digest()
signed = {'KeyId': signer, 'SigningAlgorithm': 'ECDSA_SHA_256'}
signature = kms.sign(Message=digest, MessageType='DIGEST', **signed)['Signature']
expect('signature', kms.verify(Message=b'rye', Signature=signature, **signed)['SignatureValid'], True)
expect('another message', refusal(kms.verify, Message=b'oats', Signature=signature, **signed), 'KMSInvalidSignatureException')

grant = kms.create_grant(KeyId=key['KeyId'], GranteePrincipal='arn:aws:iam::000000000000:user/miller', Operations=['Decrypt'])
expect('grants', [each['GrantId'] for each in kms.list_grants(KeyId=key['KeyId'])['Grants']], [grant['GrantId']])
kms.retire_grant(GrantToken=grant['GrantToken'])
expect('after it', kms.list_grants(KeyId=key['KeyId'])['Grants'], [])

made = {kms.create_key()['KeyMetadata']['KeyId'] for _ in range(5)}
pages = kms.get_paginator('list_keys').paginate(PaginationConfig={'PageSize': 2})
listed = [each['KeyId'] for page in pages for each in page['Keys']]
expect('listed once', len(listed), len(set(listed)))
expect('missing', made - set(listed), set())

kms.disable_key(KeyId=key['KeyId'])
expect('disabled', refusal(kms.encrypt, KeyId='alias/grain', Plaintext=b'x'), 'DisabledException')
kms.schedule_key_deletion(KeyId=key['KeyId'], PendingWindowInDays=7)
expect('state', kms.describe_key(KeyId=key['KeyId'])['KeyMetadata']['KeyState'], 'PendingDeletion')
print('ok', boto3.__version__)
