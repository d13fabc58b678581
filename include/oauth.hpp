#ifndef OAUTH_HPP
#define OAUTH_HPP

// All of the library but what needs more than Boost and OpenSSL, and the testing kit (oauth/testing/).

#include <oauth/aliases.hpp>
#include <oauth/core/access_token.hpp>
#include <oauth/core/pending_authorization_json.hpp>
#include <oauth/core/session_json.hpp>
#include <oauth/error/result.hpp>
#include <oauth/flow/discover.hpp>
#include <oauth/flow/flow.hpp>
#include <oauth/flow/metadata_cache.hpp>
#include <oauth/flow/register_client.hpp>
#include <oauth/flow/remote_jwk_set.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/jose/sign_jwt.hpp>
#include <oauth/oidc/logout.hpp>
#include <oauth/policy/authentication/client_secret_basic.hpp>
#include <oauth/policy/authentication/client_secret_basic_unencoded.hpp>
#include <oauth/policy/authentication/client_secret_jwt.hpp>
#include <oauth/policy/authentication/client_secret_post.hpp>
#include <oauth/policy/authentication/federated_assertion.hpp>
#include <oauth/policy/authentication/private_key_jwt.hpp>
#include <oauth/policy/authentication/tls_client_auth.hpp>
#include <oauth/policy/browser/announcing_browser.hpp>
#include <oauth/policy/browser/printing_browser.hpp>
#include <oauth/policy/browser/system_browser.hpp>
#include <oauth/policy/receiver/loopback_receiver.hpp>
#include <oauth/policy/receiver/pasted.hpp>
#include <oauth/policy/request_signer/signed_requests.hpp>
#include <oauth/policy/sender_constraint/dpop.hpp>
#include <oauth/policy/store/memory_store.hpp>
#include <oauth/policy/transport/beast_transport.hpp>
#include <oauth/provider/auth0.hpp>
#include <oauth/provider/github.hpp>
#include <oauth/provider/google.hpp>
#include <oauth/provider/issuer.hpp>
#include <oauth/provider/keycloak.hpp>
#include <oauth/provider/microsoft.hpp>
#include <oauth/provider/okta.hpp>
#include <oauth/request/client_credentials.hpp>
#include <oauth/request/device_code.hpp>
#include <oauth/request/introspection.hpp>
#include <oauth/request/jwt_bearer.hpp>
#include <oauth/request/on_behalf_of.hpp>
#include <oauth/request/refresh_token.hpp>
#include <oauth/request/revocation.hpp>
#include <oauth/request/sign_request.hpp>
#include <oauth/request/token_exchange.hpp>
#include <oauth/response/client_info.hpp>
#include <oauth/response/profile_info.hpp>
#if !defined(_WIN32)
// It needs POSIX; without it the rest is whole.
#include <oauth/policy/store/file_store.hpp>
#endif

#endif
