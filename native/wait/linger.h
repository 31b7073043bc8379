// close(2) that never waits, whatever SO_LINGER says.
#pragma once

// Closes the descriptor. Where SO_LINGER makes close(2) wait for unsent data, a thread of its own waits: it belongs to
// no loop and no environment, which may end meanwhile.
void CloseWithoutWaiting(int fd);
