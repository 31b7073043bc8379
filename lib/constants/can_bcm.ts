/** CAN's broadcast manager: CAN_BCM, <linux/can/bcm.h>. */
import { known } from './define.js';

// What a message does.
/** Send frames cyclically: make or change the task. */
export const CAN_BCM_TX_SETUP = known('CAN_BCM_TX_SETUP');
/** Delete the task that sends. */
export const CAN_BCM_TX_DELETE = known('CAN_BCM_TX_DELETE');
/** Tell the task that sends. */
export const CAN_BCM_TX_READ = known('CAN_BCM_TX_READ');
/** Send one frame. */
export const CAN_BCM_TX_SEND = known('CAN_BCM_TX_SEND');
/** Tell changes of frames: make or change the filter. */
export const CAN_BCM_RX_SETUP = known('CAN_BCM_RX_SETUP');
/** Delete the filter. */
export const CAN_BCM_RX_DELETE = known('CAN_BCM_RX_DELETE');
/** Tell the filter. */
export const CAN_BCM_RX_READ = known('CAN_BCM_RX_READ');
/** The answer to TX_READ. */
export const CAN_BCM_TX_STATUS = known('CAN_BCM_TX_STATUS');
/** The last frame was sent. */
export const CAN_BCM_TX_EXPIRED = known('CAN_BCM_TX_EXPIRED');
/** The answer to RX_READ. */
export const CAN_BCM_RX_STATUS = known('CAN_BCM_RX_STATUS');
/** No frame came in time. */
export const CAN_BCM_RX_TIMEOUT = known('CAN_BCM_RX_TIMEOUT');
/** A frame has changed. */
export const CAN_BCM_RX_CHANGED = known('CAN_BCM_RX_CHANGED');

// Its flags.
/** Set the values of the timers. */
export const CAN_BCM_SETTIMER = known('CAN_BCM_SETTIMER');
/** Start the timers. */
export const CAN_BCM_STARTTIMER = known('CAN_BCM_STARTTIMER');
/** Say TX_EXPIRED when the count is over. */
export const CAN_BCM_TX_COUNTEVT = known('CAN_BCM_TX_COUNTEVT');
/** Send the changed frame at once. */
export const CAN_BCM_TX_ANNOUNCE = known('CAN_BCM_TX_ANNOUNCE');
/** Copy the id of the message into each frame. */
export const CAN_BCM_TX_CP_CAN_ID = known('CAN_BCM_TX_CP_CAN_ID');
/** Filter by the id only. */
export const CAN_BCM_RX_FILTER_ID = known('CAN_BCM_RX_FILTER_ID');
/** A change of the length is a change. */
export const CAN_BCM_RX_CHECK_DLC = known('CAN_BCM_RX_CHECK_DLC');
/** Do not start the timer by itself. */
export const CAN_BCM_RX_NO_AUTOTIMER = known('CAN_BCM_RX_NO_AUTOTIMER');
/** Say RX_CHANGED when frames come again. */
export const CAN_BCM_RX_ANNOUNCE_RESUME = known('CAN_BCM_RX_ANNOUNCE_RESUME');
/** Begin with the first frame. */
export const CAN_BCM_TX_RESET_MULTI_IDX = known('CAN_BCM_TX_RESET_MULTI_IDX');
/** Answer requests with the frame. */
export const CAN_BCM_RX_RTR_FRAME = known('CAN_BCM_RX_RTR_FRAME');
/** The frames are struct canfd_frame. */
export const CAN_BCM_CAN_FD_FRAME = known('CAN_BCM_CAN_FD_FRAME');
