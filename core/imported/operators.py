"""Which graphs may be run: of plain operators, whose sizes come from sizes and never from what is computed."""

from core.errors import ModelError
from core.imported.graph import Graph, Node

_ELEMENTWISE = {
    "Abs", "Add", "And", "Cast", "CastLike", "Ceil", "Clip", "Cos", "Div", "Equal", "Erf", "Exp", "Floor", "Greater",
    "GreaterOrEqual", "Identity", "Less", "LessOrEqual", "Log", "Max", "Mean", "Min", "Mod", "Mul", "Neg", "Not", "Or",
    "Pow", "Reciprocal", "Round", "Sign", "Sin", "Sqrt", "Sub", "Sum", "Tan", "Where", "Xor",
}  # fmt: skip
_ACTIVATIONS = {
    "Celu", "Elu", "Gelu", "HardSigmoid", "HardSwish", "LeakyRelu", "LogSoftmax", "Mish", "PRelu", "Relu", "Selu",
    "Sigmoid", "Softmax", "Softplus", "Softsign", "Swish", "Tanh", "ThresholdedRelu",
}  # fmt: skip
_LAYERS = {
    "Attention", "AveragePool", "BatchNormalization", "Conv", "ConvTranspose", "Dropout", "Einsum", "Gemm",
    "GlobalAveragePool", "GlobalMaxPool", "GroupNormalization", "InstanceNormalization", "LRN", "LayerNormalization",
    "LpNormalization", "MatMul", "MaxPool", "MeanVarianceNormalization", "RMSNormalization",
}  # fmt: skip
_SHAPES = {
    "Concat", "Constant", "ConstantOfShape", "DepthToSpace", "Expand", "Flatten", "Gather", "GatherElements",
    "GatherND", "OneHot", "Pad", "Range", "Reshape", "Resize", "Shape", "Size", "Slice", "SpaceToDepth", "Split",
    "Squeeze", "Tile", "Transpose", "Trilu", "Unsqueeze", "Upsample",
}  # fmt: skip
_REDUCTIONS = {
    "ArgMax", "ArgMin", "CumSum", "ReduceL1", "ReduceL2", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin",
    "ReduceProd", "ReduceSum", "ReduceSumSquare",
}  # fmt: skip
_RANDOM = {"RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike"}  # an encoder may draw beside
_QUANTISED = {"DequantizeLinear", "QuantizeLinear"}

ALLOWED = _ELEMENTWISE | _ACTIVATIONS | _LAYERS | _SHAPES | _REDUCTIONS | _RANDOM | _QUANTISED

_SIZES = {"Shape", "Size"}  # what they say of numbers is no number of theirs
_SIZED_BY = {  # which inputs of an operator say how large what it makes is
    "ConstantOfShape": (0,),
    "Expand": (1,),
    "OneHot": (1,),
    "Pad": (1,),
    "Range": (0, 1, 2),
    "Reshape": (1,),
    "Resize": (1, 2, 3),
    "Tile": (1,),
    "Upsample": (1,),
}


def check_operators(graph: Graph) -> None:
    """Raise ModelError, as the end of a sentence, for a graph whose work might not be the same for every input.

    There are no loops, and no size may hang on a computed number: so what one input took in time and memory, every
    other of its size takes.
    """
    unknown = sorted({node.operator for node in graph.nodes} - ALLOWED)
    if unknown:
        raise ModelError(f"it needs the operator {unknown[0][:60]!a}, which is not among those that are run here")
    computed = {each.name for each in graph.inputs}
    for node in graph.nodes:
        _check_sizes(node, computed)
        if node.operator not in _SIZES and computed & set(node.inputs):
            computed.update(filter(None, node.outputs))  # one that is not wanted has no name


def _check_sizes(node: Node, computed: set[str]) -> None:
    for place in _SIZED_BY.get(node.operator, ()):
        if place < len(node.inputs) and node.inputs[place] in computed:
            raise ModelError(
                f"what its {node.operator} makes is as large as a computed number says: export it with fixed sizes"
            )
