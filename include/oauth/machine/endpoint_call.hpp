#ifndef OAUTH_MACHINE_ENDPOINT_CALL_HPP
#define OAUTH_MACHINE_ENDPOINT_CALL_HPP

#include <oauth/error/advice_rule.hpp>
#include <oauth/machine/action.hpp>
#include <oauth/request/endpoint_message.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <variant>

namespace oauth {

/// Ask an endpoint, once, and read the answer: ask. Nothing is kept.
template <endpoint_message Message>
class endpoint_call
{
public:
    using outcome_type = decltype(Message::read(std::declval<http_response const&>(), std::size_t()));

private:
    static constexpr bool names_client = [] {
        if constexpr (requires { Message::names_client; }) return bool(Message::names_client);
        else return false;
    }();

    form body_;
    std::span<advice_rule const> rules_;
    std::size_t max_response_size_;
    bool asked_ = false;
    std::optional<outcome_type> outcome_;

public:
    /** @param message Written down here; not kept.
        @param rules The provider's; not owned. */
    endpoint_call(Message const& message, std::span<advice_rule const> rules, std::size_t max_response_size) : rules_(rules), max_response_size_(max_response_size)
    {
        message.write(body_);
    }

    action resume(event happened, time_point)
    {
        if (!std::exchange(asked_, true)) return next::ask{.body = std::move(body_), .where = Message::where, .names_client = names_client};
        if (outcome_) return next::done{};
        if (auto* const failed = std::get_if<failure>(&happened)) outcome_.emplace(std::move(*failed));
        else
        {
            outcome_.emplace(Message::read(std::get<http_response>(happened), max_response_size_));
            if (outcome_->has_error())
            {
                auto why = std::move(*outcome_).error();
                advise(rules_, why);
                outcome_.emplace(std::move(why));
            }
        }
        return next::done{};
    }

    /// @pre the last action was `next::done`
    outcome_type outcome() && { return std::move(*outcome_); }
};

} // namespace oauth

#endif
