"""Torch held to one thread: its threads wait for one another at every product, for 12 ms where other work has a core."""


def one_thread() -> None:
    """Hold torch's products of the calling thread, and of no other, to one thread. Meant to begin the threads of a pool."""
    import torch
    from threadpoolctl import ThreadpoolController

    torch.get_num_threads()  # torch sets a thread's number when it is first asked, which would undo the limit
    ThreadpoolController().limit(limits=1, user_api="openmp")
