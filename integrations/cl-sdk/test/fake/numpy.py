"""As much of numpy as wetgrad_culture asks for."""


class Zeros:
    def __init__(self, shape, dtype):
        self.shape, self.dtype = shape, dtype


def zeros(shape, dtype):
    return Zeros(shape, dtype)
