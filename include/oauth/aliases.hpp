#ifndef OAUTH_ALIASES_HPP
#define OAUTH_ALIASES_HPP

#include <oauth/flow/flow.hpp>
#include <oauth/policy/authentication/client_secret_post.hpp>
#include <oauth/policy/clock.hpp>
#include <oauth/policy/store/memory_store.hpp>
#include <oauth/policy/transport/beast_transport.hpp>
#if !defined(_WIN32)
#include <oauth/policy/store/file_store.hpp>
#endif

// Names for the usual compositions, so that one need not spell them out where a flow is a member or an argument.
namespace oauth {

#if !defined(_WIN32)
/// A program on a user's machine: the sessions stay in a folder, and all its processes share them. `file_store` is given to the constructor.
/// Not on Windows, which has no `file_store`.
using desktop_flow = flow<beast_transport, file_store>;

/// @ref desktop_flow with a @ref default_config of one's own.
template <class Config>
using desktop_flow_with = flow<beast_transport, file_store, system_clock, client_secret_post, Config>;
#endif

/// A service, or a program that asks anew each time it is started: the sessions end with the process.
using memory_flow = flow<beast_transport, memory_store>;

/// @ref memory_flow with a @ref default_config of one's own.
template <class Config>
using memory_flow_with = flow<beast_transport, memory_store, system_clock, client_secret_post, Config>;

} // namespace oauth

#endif
