from . import (
    test_assignment,
    test_claim,
    test_claim_concurrency,
    test_claim_sync,
    test_limits,
    test_pool_paths,
    test_roles,
    test_tours,
)
