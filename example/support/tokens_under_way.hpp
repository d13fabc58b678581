#ifndef EXAMPLE_SUPPORT_TOKENS_UNDER_WAY_HPP
#define EXAMPLE_SUPPORT_TOKENS_UNDER_WAY_HPP

#include "uninterrupted.hpp"
#include <oauth/policy/transport.hpp>
#include <oauth/policy/transport/beast_transport.hpp>
#include <memory>
#include <optional>
#include <utility>

namespace example {

/** Tokens between the server and the store. A server that has given new ones may take the old refresh token no more, so a program that ended in between would have lost its session.

    The transport says when they are asked for, the store when it has them. Ctrl-C waits that long: as long as the transport gives the server, and others keep the store.
*/
class tokens_under_way
{
    std::optional<uninterrupted> whole_;

public:
    void begin() noexcept
    {
        if (!whole_) whole_.emplace();
    }

    /// Does not return where a signal has come.
    void end() noexcept { whole_.reset(); }
};

/// A transport that knows when tokens are asked for.
class careful_transport
{
    oauth::beast_transport line_;
    oauth::endpoint token_endpoint_;
    std::shared_ptr<tokens_under_way> under_way_;

public:
    careful_transport(oauth::beast_transport line, oauth::endpoint token_endpoint, std::shared_ptr<tokens_under_way> under_way)
        : line_(std::move(line)), token_endpoint_(std::move(token_endpoint)), under_way_(std::move(under_way))
    {
    }

    oauth::result<oauth::http_response> send(oauth::http_request request)
    {
        if (request.url != token_endpoint_) return line_.send(std::move(request));
        under_way_->begin();
        auto answer = line_.send(std::move(request));
        bool const has_tokens = answer.has_value() && answer->status == 200;
        if (!has_tokens) under_way_->end();
        return answer;
    }
};
static_assert(oauth::check_transport<careful_transport>());

} // namespace example

#endif
