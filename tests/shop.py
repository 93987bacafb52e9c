"""A shop of nine products in both languages, small enough to know by heart, and its rules."""

from catalog import Policy, Product, Review, Translation, Variant

OAK = Product(
    "oak",
    "Alder Desk Lamp",
    4_500,
    description="A small lamp with a warm light. The oak base stays steady on a desk. The cord is short.",
    category="Lighting",
    brand="Brightly",
    quantity=7,
    attributes={"Material": "Oak", "Weight": "800 g", "Color": "Brown"},
    rating=4.6,
    rating_count=120,
    reviews=(
        Review(5, "Soft light for reading in bed.", "Lovely"),
        Review(4, "It wobbles on the carpet."),
        Review(2, "The cord ends two steps before the wall."),
    ),
    translations=(
        Translation(
            "zh",
            "桤木台灯",
            "一盏光线温暖的小台灯。橡木底座放在桌上很稳。电线偏短。",
            "灯具",
            {"Material": "材质", "Oak": "橡木", "Weight": "重量", "800 g": "800 克", "Color": "颜色", "Brown": "棕色"},
            (Review(5, "床头看书光线柔和。"), Review(4, "放在地毯上会晃。"), Review(2, "电线太短，够不到墙。")),
        ),
    ),
)
STEEL = Product(
    "steel",
    "Harbor Steel Lamp",
    3_900,
    description="A heavy lamp for the workshop. Three brightness levels from the switch. The shade turns to any side.",
    category="Lighting",
    brand="Brightly",
    quantity=12,
    attributes={"Material": "Steel", "Weight": "1.4 kg", "Color": "Black"},
    rating=4.2,
    rating_count=40,
    translations=(
        Translation(
            "zh",
            "海港钢制台灯",
            "适合工作间的重型台灯。开关可调三档亮度。灯罩可转向任意方向。",
            "灯具",
            {
                "Material": "材质",
                "Steel": "钢",
                "Weight": "重量",
                "1.4 kg": "1.4 公斤",
                "Color": "颜色",
                "Black": "黑色",
            },
        ),
    ),
)
PLASTIC = Product(
    "plastic",
    "Pebble Night Lamp",
    1_500,
    description="A round night lamp for a child's room. It glows for 8 hours on one charge.",
    category="Lighting",
    brand="Nodd",
    attributes={"Material": "Plastic", "Color": "White"},
    translations=(
        Translation(
            "zh",
            "鹅卵石小夜灯",
            "儿童房用的圆形小夜灯。充一次电可亮 8 小时。",
            "灯具",
            {"Material": "材质", "Plastic": "塑料", "Color": "颜色", "White": "白色"},
        ),
    ),
)
GLASS = Product(
    "glass",
    "Marlow Glass Lamp",
    4_200,
    description="A lamp of green glass with a brass foot.",
    category="Lighting",
    brand="Brightly",
    in_stock=False,
    quantity=0,
    attributes={"Material": "Glass", "Color": "Green"},
    translations=(
        Translation(
            "zh",
            "马洛玻璃台灯",
            "绿色玻璃台灯，黄铜灯脚。",
            "灯具",
            {"Material": "材质", "Glass": "玻璃", "Color": "颜色", "Green": "绿色"},
        ),
    ),
)
ARC = Product(
    "arc",
    "Tern Arc Lamp",
    9_900,
    description="A tall lamp that reaches over a sofa.",
    category="Lighting",
    brand="Nodd",
    quantity=2,
    attributes={"Material": "Aluminum", "Color": "Silver"},
    translations=(
        Translation(
            "zh",
            "燕鸥落地灯",
            "可伸到沙发上方的高灯。",
            "灯具",
            {"Material": "材质", "Aluminum": "铝", "Color": "颜色", "Silver": "银色"},
        ),
    ),
)
ROBIN = Product(
    "robin",
    "Robin Kettle",
    5_200,
    description="A kettle with a wooden handle. It boils a liter in four minutes and switches itself off.",
    category="Kitchen",
    brand="Hearth",
    attributes={"Material": "Stainless steel", "Capacity": "1.2 L", "Color": "Red"},
    rating=4.8,
    rating_count=300,
    translations=(
        Translation(
            "zh",
            "知更鸟电水壶",
            "木柄电水壶。四分钟烧开一升水，自动断电。",
            "厨房用品",
            {
                "Material": "材质",
                "Stainless steel": "不锈钢",
                "Capacity": "容量",
                "1.2 L": "1.2 升",
                "Color": "颜色",
                "Red": "红色",
            },
        ),
    ),
)
RAVEN = Product(
    "raven",
    "Raven Kettle",
    3_000,
    description="A kettle that keeps water hot for an hour.",
    category="Kitchen",
    brand="Hearth",
    attributes={"Material": "Glass", "Capacity": "1.7 L", "Color": "Black"},
    translations=(
        Translation(
            "zh",
            "渡鸦电水壶",
            "可保温一小时的电水壶。",
            "厨房用品",
            {
                "Material": "材质",
                "Glass": "玻璃",
                "Capacity": "容量",
                "1.7 L": "1.7 升",
                "Color": "颜色",
                "Black": "黑色",
            },
        ),
    ),
)
MUG = Product(
    "mug",
    "Fern Mug",
    1_200,
    description="A mug with a fern painted by hand.",
    category="Kitchen",
    brand="Hearth",
    attributes={"Material": "Ceramic", "Color": "White"},
    translations=(
        Translation(
            "zh",
            "蕨叶马克杯",
            "手绘蕨叶的马克杯。",
            "厨房用品",
            {"Material": "材质", "Ceramic": "陶瓷", "Color": "颜色", "White": "白色"},
        ),
    ),
)
BLANKET = Product(
    "blanket",
    "Cove Wool Blanket",
    6_400,
    description="A blanket woven from new wool. Wash it by hand.",
    category="Bedroom",
    brand="Nodd",
    attributes={"Material": "Wool"},
    variants=(
        Variant("b1", {"Color": "Grey"}, 6_400, 3),
        Variant("b2", {"Color": "Blue"}, 6_400, 2),
        Variant("b3", {"Color": "Green"}, 6_400, 0),
    ),
    translations=(
        Translation(
            "zh",
            "海湾羊毛毯",
            "用新羊毛织成的毯子。请手洗。",
            "卧室用品",
            {"Material": "材质", "Wool": "羊毛", "Color": "颜色", "Grey": "灰色", "Blue": "蓝色", "Green": "绿色"},
        ),
    ),
)
PRODUCTS = (OAK, STEEL, PLASTIC, GLASS, ARC, ROBIN, RAVEN, MUG, BLANKET)
POLICIES = (
    Policy("returns.en.1", "en", "Returns", "You may send anything back within 30 days, unused and in its box."),
    Policy("delivery.en.1", "en", "Delivery", "Parcels leave within 2 days; delivery takes 3 to 5 days."),
    Policy("returns.zh.1", "zh", "退货", "未使用的商品可在 30 天内退货。"),
    Policy("delivery.zh.1", "zh", "配送", "2 天内发货，配送需要 3 到 5 天。"),
)
