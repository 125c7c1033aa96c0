namespace Semblance.Training.Loop;

/// <summary>What a batch holds; batches are homogeneous (specification, section 7).</summary>
internal enum BatchKind { Image, Text, Pair, Identity }
