#ifndef OAUTH_HPP
#define OAUTH_HPP

// All of the library but what needs more than Boost and OpenSSL, and the testing kit (oauth/testing/).

#include <oauth/core/access_token.hpp>
#include <oauth/core/pending_authorization_json.hpp>
#include <oauth/core/session_json.hpp>
#include <oauth/error/result.hpp>
#include <oauth/flow/flow.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/jose/sign_jwt.hpp>
#include <oauth/policy/authentication/client_secret_basic.hpp>
#include <oauth/policy/authentication/client_secret_post.hpp>
#include <oauth/policy/browser/system_browser.hpp>
#include <oauth/policy/receiver/loopback_receiver.hpp>
#include <oauth/policy/receiver/pasted.hpp>
#include <oauth/policy/store/file_store.hpp>
#include <oauth/policy/store/memory_store.hpp>
#include <oauth/policy/transport/beast_transport.hpp>
#include <oauth/provider/microsoft.hpp>
#include <oauth/response/client_info.hpp>
#include <oauth/response/profile_info.hpp>

#endif
