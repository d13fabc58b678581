#ifndef OAUTH_FLOW_DETAIL_FETCH_JWK_SET_HPP
#define OAUTH_FLOW_DETAIL_FETCH_JWK_SET_HPP

#include <oauth/core/endpoint.hpp>
#include <oauth/error/result.hpp>
#include <oauth/flow/detail/mask_echo.hpp>
#include <oauth/jose/jwk_set.hpp>
#include <oauth/request/document_request.hpp>
#include <oauth/response/decode_jwk_set.hpp>
#include <string_view>
#include <utility>

namespace oauth::detail {

/// Ask a server for its keys, by one request that carries nothing that tells who asks. `known` is masked in an answer that refuses: the same server has seen it elsewhere.
template <class Transport>
result<jwk_set> fetch_jwk_set(Transport& by, endpoint const& jwks_uri, std::string_view known = {})
{
    auto request = document_request(jwks_uri, "jwks_uri");
    if (request.has_error()) return std::move(request).error();
    auto answer = by.send(std::move(*request));
    if (answer.has_error()) return std::move(answer).error();
    mask_echo(*answer, {}, {known});
    return decode_jwk_set(*answer);
}

} // namespace oauth::detail

#endif
