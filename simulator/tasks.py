"""Running things side by side until one of them is done or fails."""

import asyncio


async def until_first(*coroutines):
    """Run all; when the first is done, end the others. Its exception, if any, is raised.

    :return: what the first one returned
    """
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
    try:
        done, _others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(iter(done)).result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
