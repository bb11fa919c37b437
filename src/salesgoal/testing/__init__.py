"""For plugin authors: the conformance kit, loopback fakes and Hypothesis strategies."""
