// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// What a configure script would have found out.
#define PACKAGE_NAME "headless"
#define PACKAGE_TARNAME "headless"
#define PACKAGE_VERSION "0"
#define PACKAGE_STRING "headless 0"
#define PROGRAM_PREFIX ""
#define HAVE_DECL_STRCASECMP 1
#define HAVE_DECL_STRNCASECMP 1
#define HAVE_DIRENT_H 1
