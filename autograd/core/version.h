// The version of xgrad; CMake reads it here.
#pragma once

#define XGRAD_VERSION_MAJOR 0
#define XGRAD_VERSION_MINOR 1
#define XGRAD_VERSION_PATCH 0

#define XGRAD_TEXT_OF_VERSION(major, minor, patch) #major "." #minor "." #patch
#define XGRAD_JOIN_VERSION(major, minor, patch) XGRAD_TEXT_OF_VERSION(major, minor, patch)
/// "0.1.0"
#define XGRAD_VERSION XGRAD_JOIN_VERSION(XGRAD_VERSION_MAJOR, XGRAD_VERSION_MINOR, XGRAD_VERSION_PATCH)
