/** Run before the tests of the second jest project: the same tests, without io_uring. */
process.env['BSD_SOCKETS_BACKEND'] = 'epoll';
