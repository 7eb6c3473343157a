"""Kinds of proofs a policy can ask for, as they stand in policies, procedures and visits."""

#: What can be given as a step; the place is no step, the check-in says it.
PROOF_STEPS = ("selfie", "code", "word", "signature", "storefront", "face")
#: What can prove a visit.
PROOFS = ("place", *PROOF_STEPS)
#: What can still be added when the visit is over.
LATER_PROOFS = ("photo", *PROOF_STEPS)
#: Somebody or something at the customer's has answered: the visit was there.
WITNESSES = ("code", "word")
#: Steps with pictures of the person himself: for who decides about the proof, nobody else.
PRIVATE_STEPS = ("selfie", "face")
#: Kinds of steps that are done with pictures from the camera.
PICTURES = ("photo", "document", "selfie", "storefront")
#: The same and the comparison of a face, whose picture is mostly not kept.
PICTURED = (*PICTURES, "face")
