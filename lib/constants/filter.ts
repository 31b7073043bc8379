/** Programs of SO_ATTACH_FILTER, the classic BPF: <linux/filter.h>; `code` is a class or-ed to the rest. */
import { known } from './define.js';

// Classes of instructions.
/** Load into the accumulator A. */
export const BPF_LD = known('BPF_LD');
/** Load into the register X. */
export const BPF_LDX = known('BPF_LDX');
/** Store A in the scratch memory. */
export const BPF_ST = known('BPF_ST');
/** Store X in the scratch memory. */
export const BPF_STX = known('BPF_STX');
/** Compute in A. */
export const BPF_ALU = known('BPF_ALU');
/** Jump. */
export const BPF_JMP = known('BPF_JMP');
/** Return how many bytes of the packet to keep, 0 for none. */
export const BPF_RET = known('BPF_RET');
/** Copy between A and X. */
export const BPF_MISC = known('BPF_MISC');

// Of BPF_LD and BPF_LDX: sizes.
/** BPF_LD: 4 bytes. */
export const BPF_W = known('BPF_W');
/** BPF_LD: 2 bytes. */
export const BPF_H = known('BPF_H');
/** BPF_LD: 1 byte. */
export const BPF_B = known('BPF_B');

// Of BPF_LD and BPF_LDX: where from.
/** BPF_LD: the number k. */
export const BPF_IMM = known('BPF_IMM');
/** BPF_LD: the packet at k. */
export const BPF_ABS = known('BPF_ABS');
/** BPF_LD: the packet at X + k. */
export const BPF_IND = known('BPF_IND');
/** BPF_LD: the scratch memory at k. */
export const BPF_MEM = known('BPF_MEM');
/** BPF_LD: the packet's length. */
export const BPF_LEN = known('BPF_LEN');
/** BPF_LDX: the length of the IPv4 header at k, in bytes. */
export const BPF_MSH = known('BPF_MSH');

// Of BPF_ALU.
/** BPF_ALU: add. */
export const BPF_ADD = known('BPF_ADD');
/** BPF_ALU: subtract. */
export const BPF_SUB = known('BPF_SUB');
/** BPF_ALU: multiply. */
export const BPF_MUL = known('BPF_MUL');
/** BPF_ALU: divide. */
export const BPF_DIV = known('BPF_DIV');
/** BPF_ALU: or. */
export const BPF_OR = known('BPF_OR');
/** BPF_ALU: and. */
export const BPF_AND = known('BPF_AND');
/** BPF_ALU: shift to the left. */
export const BPF_LSH = known('BPF_LSH');
/** BPF_ALU: shift to the right. */
export const BPF_RSH = known('BPF_RSH');
/** BPF_ALU: negate. */
export const BPF_NEG = known('BPF_NEG');
/** BPF_ALU: the remainder. */
export const BPF_MOD = known('BPF_MOD');
/** BPF_ALU: exclusive or. */
export const BPF_XOR = known('BPF_XOR');

// Of BPF_JMP.
/** BPF_JMP: always, by k. */
export const BPF_JA = known('BPF_JA');
/** BPF_JMP: jt where equal, else jf. */
export const BPF_JEQ = known('BPF_JEQ');
/** BPF_JMP: jt where greater, else jf. */
export const BPF_JGT = known('BPF_JGT');
/** BPF_JMP: jt where greater or equal, else jf. */
export const BPF_JGE = known('BPF_JGE');
/** BPF_JMP: jt where a bit is set, else jf. */
export const BPF_JSET = known('BPF_JSET');

// Operands.
/** The operand is the number k. */
export const BPF_K = known('BPF_K');
/** The operand is the register X. */
export const BPF_X = known('BPF_X');
/** BPF_RET: return A. */
export const BPF_A = known('BPF_A');

// Of BPF_MISC.
/** BPF_MISC: A to X. */
export const BPF_TAX = known('BPF_TAX');
/** BPF_MISC: X to A. */
export const BPF_TXA = known('BPF_TXA');

// Limits.
/** How many instructions a program may have. */
export const BPF_MAXINSNS = known('BPF_MAXINSNS');
/** How many words the scratch memory has. */
export const BPF_MEMWORDS = known('BPF_MEMWORDS');

// What BPF_ABS reads at SKF_AD_OFF plus one of these: about the packet.
/** BPF_ABS at this plus SKF_AD_…: what is known about the packet. Negative. */
export const SKF_AD_OFF = known('SKF_AD_OFF');
/** About the packet: its protocol of Ethernet. */
export const SKF_AD_PROTOCOL = known('SKF_AD_PROTOCOL');
/** About the packet: PACKET_HOST … */
export const SKF_AD_PKTTYPE = known('SKF_AD_PKTTYPE');
/** About the packet: the interface's index. */
export const SKF_AD_IFINDEX = known('SKF_AD_IFINDEX');
/** About the packet: look for a netlink attribute. */
export const SKF_AD_NLATTR = known('SKF_AD_NLATTR');
/** About the packet: look for a nested netlink attribute. */
export const SKF_AD_NLATTR_NEST = known('SKF_AD_NLATTR_NEST');
/** About the packet: its mark. */
export const SKF_AD_MARK = known('SKF_AD_MARK');
/** About the packet: the device's queue. */
export const SKF_AD_QUEUE = known('SKF_AD_QUEUE');
/** About the packet: the device's type. */
export const SKF_AD_HATYPE = known('SKF_AD_HATYPE');
/** About the packet: the hash of its flow. */
export const SKF_AD_RXHASH = known('SKF_AD_RXHASH');
/** About the packet: this CPU's number; for SO_ATTACH_REUSEPORT_CBPF too. */
export const SKF_AD_CPU = known('SKF_AD_CPU');
/** A exclusive-or X. */
export const SKF_AD_ALU_XOR_X = known('SKF_AD_ALU_XOR_X');
/** About the packet: its VLAN. */
export const SKF_AD_VLAN_TAG = known('SKF_AD_VLAN_TAG');
/** About the packet: has it a VLAN? */
export const SKF_AD_VLAN_TAG_PRESENT = known('SKF_AD_VLAN_TAG_PRESENT');
/** About the packet: where the payload begins. */
export const SKF_AD_PAY_OFFSET = known('SKF_AD_PAY_OFFSET');
/** A random number. */
export const SKF_AD_RANDOM = known('SKF_AD_RANDOM');
/** About the packet: its VLAN's protocol. */
export const SKF_AD_VLAN_TPID = known('SKF_AD_VLAN_TPID');
/** One more than the last SKF_AD_… */
export const SKF_AD_MAX = known('SKF_AD_MAX');
/** BPF_ABS at this plus n: byte n of the network header. Negative. */
export const SKF_NET_OFF = known('SKF_NET_OFF');
/** BPF_ABS at this plus n: byte n of the link header. Negative. */
export const SKF_LL_OFF = known('SKF_LL_OFF');
