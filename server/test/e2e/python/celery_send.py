"""Has tasks done by a Celery worker that is at work elsewhere."""

from celery_tasks import add, append, fail_once

for i in range(10):
    add.delay(f'sum-{i}', i, i)
for letter in 'abcdef':
    append.apply_async(('letters', letter), queue='ordered.fifo')
fail_once.delay('retried')
print('ok')
