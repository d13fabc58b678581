#ifndef OAUTH_SRC_HPP
#define OAUTH_SRC_HPP

/** @file
    The bodies of the functions that the headers only declare in a program with `OAUTH_SEPARATE_COMPILATION` (<oauth/config.hpp>). Exactly one of its sources includes this.
*/

#if !defined(OAUTH_SEPARATE_COMPILATION)
#error "oauth/src.hpp is for programs that define OAUTH_SEPARATE_COMPILATION, for all of their sources; without it the library is header-only"
#endif

#include <oauth/core/impl/base64url.ipp>
#include <oauth/core/impl/client.ipp>
#include <oauth/core/impl/endpoint.ipp>
#include <oauth/core/impl/form.ipp>
#include <oauth/core/impl/form_parameters.ipp>
#include <oauth/core/impl/pkce.ipp>
#include <oauth/core/impl/scope.ipp>
#include <oauth/error/impl/errc.ipp>
#include <oauth/error/impl/failure.ipp>
#include <oauth/error/impl/server_errc.ipp>
#include <oauth/provider/microsoft/impl/adfs.ipp>
#include <oauth/provider/microsoft/impl/authority.ipp>
#include <oauth/provider/microsoft/impl/b2c.ipp>
#include <oauth/provider/microsoft/impl/cloud.ipp>
#include <oauth/provider/microsoft/impl/entra.ipp>
#include <oauth/provider/microsoft/impl/external_id.ipp>
#include <oauth/provider/microsoft/impl/tenant.ipp>
#include <oauth/request/impl/authorization_request.ipp>
#include <oauth/request/impl/form_request.ipp>
#include <oauth/response/impl/authorization_response.ipp>
#include <oauth/response/impl/decode_token_response.ipp>
#include <oauth/response/impl/retry_after.ipp>

#endif
