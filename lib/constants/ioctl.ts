/** Requests of ioctl(2) for sockets, and the flags of an interface: <sys/ioctl.h>, <net/if.h>, netdevice(7). */
import { known } from './define.js';

/** How many bytes can be read; of a datagram socket, how long the next datagram is. */
export const FIONREAD = known('FIONREAD');
/** Sets O_NONBLOCK, or clears it: an int. */
export const FIONBIO = known('FIONBIO');
/** As FIONREAD. */
export const SIOCINQ = known('SIOCINQ');
/** How many bytes the peer has not acknowledged, or the device not sent. */
export const SIOCOUTQ = known('SIOCOUTQ');
/** How many bytes of a TCP connection were not sent yet. */
export const SIOCOUTQNSD = known('SIOCOUTQNSD');
/** Is the next byte the urgent one? 1 or 0: sockatmark(3). */
export const SIOCATMARK = known('SIOCATMARK');

// Requests that take a struct ifreq with the interface's name.
/** The name of the interface whose index is given: struct ifreq. */
export const SIOCGIFNAME = known('SIOCGIFNAME');
/** The index of an interface: struct ifreq. */
export const SIOCGIFINDEX = known('SIOCGIFINDEX');
/** The flags of an interface, IFF_UP and others: struct ifreq. */
export const SIOCGIFFLAGS = known('SIOCGIFFLAGS');
/** The longest packet of an interface, in bytes: struct ifreq. */
export const SIOCGIFMTU = known('SIOCGIFMTU');
/** The hardware address of an interface: struct ifreq. */
export const SIOCGIFHWADDR = known('SIOCGIFHWADDR');
/** The IPv4 address of an interface: struct ifreq. */
export const SIOCGIFADDR = known('SIOCGIFADDR');
/** The peer's address on a point-to-point link: struct ifreq. */
export const SIOCGIFDSTADDR = known('SIOCGIFDSTADDR');
/** The broadcast address of an interface: struct ifreq. */
export const SIOCGIFBRDADDR = known('SIOCGIFBRDADDR');
/** The network mask of an interface: struct ifreq. */
export const SIOCGIFNETMASK = known('SIOCGIFNETMASK');

// The flags of an interface.
/** It is up. */
export const IFF_UP = known('IFF_UP');
/** It has a broadcast address. */
export const IFF_BROADCAST = known('IFF_BROADCAST');
/** It is the loopback. */
export const IFF_LOOPBACK = known('IFF_LOOPBACK');
/** It has one peer. */
export const IFF_POINTOPOINT = known('IFF_POINTOPOINT');
/** It works: there is a carrier. */
export const IFF_RUNNING = known('IFF_RUNNING');
/** It asks for no addresses by ARP. */
export const IFF_NOARP = known('IFF_NOARP');
/** It hears every packet. */
export const IFF_PROMISC = known('IFF_PROMISC');
/** It hears the packets of every group. */
export const IFF_ALLMULTI = known('IFF_ALLMULTI');
/** It knows groups. */
export const IFF_MULTICAST = known('IFF_MULTICAST');
