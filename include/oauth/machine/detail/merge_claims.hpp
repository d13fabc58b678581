#ifndef OAUTH_MACHINE_DETAIL_MERGE_CLAIMS_HPP
#define OAUTH_MACHINE_DETAIL_MERGE_CLAIMS_HPP

#include <oauth/core/claims_request.hpp>
#include <oauth/core/form.hpp>
#include <oauth/core/form_parameters.hpp>
#include <oauth/error/result.hpp>
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::detail {

/** Let `more` come to the claims request that `body` holds, if it holds one. Whoever has written it, be it a user's own grant.

    @return The claims that `body` asks for now, or what @ref merge_claims_requests fails with; `body` is as it was then.
*/
inline result<std::string> merge_claims(form& body, std::string_view more)
{
    constexpr std::string_view name = "claims=";
    form rest;
    std::string claims;
    for (auto text = body.str(); !text.empty();)
    {
        auto const piece = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(piece.size() + 1, text.size()));
        if (!piece.starts_with(name)) rest.add_encoded(piece);
        else if (auto decoded = form_decode(piece.substr(name.size()))) claims = std::move(*decoded);
        else return bad_claims_request("well-encoded");
    }
    auto all = merge_claims_requests(claims, more);
    if (all.has_error()) return all;
    rest.add("claims", *all);
    body = std::move(rest);
    return all;
}

} // namespace oauth::detail

#endif
