{
  "targets": [
    {
      "target_name": "bsd_sockets",
      "sources": [
        "native/addon.cc",
        "native/wait/blocking.cc",
        "native/wait/watchdog.cc",
        "native/socket.cc",
        "native/address.cc",
        "native/accept.cc",
        "native/transfer.cc",
        "native/wait/batch.cc",
        "native/wait/uring.cc",
        "native/message.cc",
        "native/sockopt.cc",
        "native/poll.cc",
        "native/wait/poller.cc",
        "native/fcntl.cc",
        "native/pidfd.cc",
        "native/inet.cc",
        "native/constants.cc",
        "native/layout.cc"
      ],
      "include_dirs": ["native", "<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=8", "NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS", "NODE_ADDON_API_DISABLE_DEPRECATED"],
      "cflags_cc": ["-std=c++17", "-Wall", "-Wextra", "-Wno-unused-parameter", "-fvisibility=hidden"],
      "xcode_settings": {
        "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
        "GCC_SYMBOLS_PRIVATE_EXTERN": "YES",
        "MACOSX_DEPLOYMENT_TARGET": "11.0"
      }
    }
  ]
}
