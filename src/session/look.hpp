/// @file
/// Looking without touching: preview and status. No lock, no write; what is seen may be gone a moment later.
#pragma once

#include "session/survey.hpp"

#include <memory>

namespace roamsync {

/// What a preview's plan points into.
struct Looked {
  std::unique_ptr<Survey> survey;
};

Result<Preview> look_ahead(Workspace& work, const Endpoints& endpoints, Direction direction, Looked& looked);
Result<Status> look_back(Workspace& work, const Endpoints& endpoints);

}  // namespace roamsync
