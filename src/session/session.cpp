#include <roamsync/session.hpp>

#include "session/look.hpp"
#include "session/runs.hpp"
#include "session/usual_cure.hpp"

namespace roamsync {
namespace {

template <class T>
Result<T> with_cure(Result<T> result) {
  if (!result) return result.error().within({.cure = usual_cure(result.error().code())});
  return result;
}

}  // namespace

struct Session::Implementation {
  Host& host;
  Endpoints endpoints;
  Looked looked;  ///< what the last preview's plan points into
};

Session::Session(Host& host, Endpoints endpoints)
    : implementation_(new Implementation{host, std::move(endpoints), Looked()}) {}

Session::~Session() = default;

Result<Report> Session::log_on(const SessionOptions& options) {
  Workspace work(implementation_->host, implementation_->endpoints.local, implementation_->endpoints.state, options);
  return with_cure(run_log_on(work, implementation_->endpoints));
}

Result<Report> Session::log_off(const SessionOptions& options) {
  Workspace work(implementation_->host, implementation_->endpoints.local, implementation_->endpoints.state, options);
  return with_cure(run_log_off(work, implementation_->endpoints));
}

Result<Preview> Session::preview(Direction direction, const SessionOptions& options) {
  Workspace work(implementation_->host, implementation_->endpoints.local, implementation_->endpoints.state, options);
  return with_cure(look_ahead(work, implementation_->endpoints, direction, implementation_->looked));
}

Result<Status> Session::status(const SessionOptions& options) {
  Workspace work(implementation_->host, implementation_->endpoints.local, implementation_->endpoints.state, options);
  return with_cure(look_back(work, implementation_->endpoints));
}

}  // namespace roamsync
