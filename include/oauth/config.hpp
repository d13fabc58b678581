#ifndef OAUTH_CONFIG_HPP
#define OAUTH_CONFIG_HPP

/** @file
    How the library is compiled: header-only, or its larger functions once for a program.

    Header-only is the default, and asks for nothing. A program of many sources compiles quicker when it defines `OAUTH_SEPARATE_COMPILATION` for **all** of them, and has one
    more, which includes `<oauth/src.hpp>` and nothing else.

    The headers then only declare what is no template and stands in an `.ipp` file, and bring along less: no parser of JSON, none of URLs. What a program can do is the same either way.
    A program must not mix the two.
*/
#if defined(OAUTH_SEPARATE_COMPILATION)
#define OAUTH_DECL
#else
#define OAUTH_DECL inline
#endif

#endif
