using Fvm.Ipld;

namespace Fvm.Node;

/// <summary>The node that this chain forks off did not give what was needed.</summary>
/// <param name="failure">Its failure.</param>
internal sealed class UpstreamException(BlockstoreException failure) : Exception(failure.Message, failure);
